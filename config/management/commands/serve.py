"""The whole service in one process: pages, API and sockets by daphne, the clock beside it in a thread."""

import os
import socket
import threading

import daphne.server  # first of all: it chooses the event loop that Twisted runs on
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from huey.consumer import Consumer
from twisted.internet import reactor

from config import bodies, processes
from config.demo.logins import LOGINS

STOP_WITHIN_S = 4.0  # after that a hanging request is cut; messages are stored before they are acknowledged
MAX_FRAME_BYTES = 65536


class Jobs(Consumer):
    """huey's consumer beside the server; signals belong to the server alone."""

    def _set_signal_handlers(self) -> None:
        pass


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--without-jobs", action="store_true", help="another process keeps the clock (jobs)")
        parser.add_argument("--only-check", action="store_true", help="say whether it could start, and stop")

    def handle(self, *, host: str, port: int, without_jobs: bool, only_check: bool, **options) -> None:
        _port_is_free(host, port)
        try:
            processes.claim()
        except processes.AlreadyServed as taken:
            raise CommandError(str(taken)) from taken
        if only_check:
            return
        bodies.bound()
        _tables_are_up_to_date()
        jobs = None if without_jobs else _start_jobs()
        _server(host, port, ready=lambda: self._greet(host, port), stopping=jobs).run()

    def _greet(self, host: str, port: int) -> None:
        address = f"http://{host}:{port}"
        self.stdout.write(f"\n{settings.SERVICE_NAME} is up:  {address}/   API: {address}/api/v1/   stop: Ctrl+C")
        if settings.DEMO:
            self.stdout.write(f"\nDemo people (all of them, with their codes: {address}/demo/)")
            for login in LOGINS:
                code = f"   second factor now {login.code}, later see /demo/" if login.secret else ""
                self.stdout.write(f"  {login.role:12} {login.email:28} {login.password:20}{code}")
        self.stdout.flush()


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as trouble:
            raise CommandError(
                f"Port {port} on {host} is not free. Stop what runs there, or choose another: --port {port + 1}"
            ) from trouble


def _tables_are_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is older than the program. Please run:  ./run manage migrate")
    connection.close()


def _start_jobs() -> Consumer:
    from config.jobs import WORKERS, huey, tidy_after_a_crash

    # Locks left by a crash are flushed, rounds that ran are given up: this process is the only clock.
    tidy_after_a_crash()
    connection.close()  # nobody's thread needs this one
    stop = STOP_WITHIN_S / 2
    jobs = Jobs(
        huey, workers=WORKERS, flush_locks=True, max_delay=1.0, check_worker_health=False, shutdown_timeout=stop
    )
    jobs.start()
    return jobs


def _server(host: str, port: int, *, ready, stopping: Consumer | None) -> daphne.server.Server:
    from config.asgi import application

    def stop() -> None:
        threading.Thread(target=_cut_after, daemon=True).start()
        if stopping:
            stopping.stop()

    reactor.callWhenRunning(ready)
    reactor.addSystemEventTrigger("before", "shutdown", stop)  # type: ignore[arg-type]  # wrong in the stubs
    return daphne.server.Server(
        application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        http_timeout=120,
        websocket_max_message_size=MAX_FRAME_BYTES,
        websocket_max_frame_size=MAX_FRAME_BYTES,
        server_name="",
    )


def _cut_after() -> None:
    threading.Event().wait(STOP_WITHIN_S)
    os._exit(0)
