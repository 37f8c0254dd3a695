"""Hashed names for static files, without a 500 where set-up could not fetch the third-party ones."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HonestManifestStorage(CompressedManifestStaticFilesStorage):
    """A file that was never collected keeps its plain address: the page then shows without it instead of failing."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:  # neither in the manifest nor in the folder
            return name
