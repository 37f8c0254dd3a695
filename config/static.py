"""Hashed names for static files, without a 500 where set-up could not fetch the third-party ones."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HonestManifestStorage(CompressedManifestStaticFilesStorage):
    """A file missing from the manifest keeps its plain address: the page then shows without it instead of failing."""

    manifest_strict = False
