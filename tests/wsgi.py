"""Requests as a server sends them, each with a connection to the database of its own.

Django's test client keeps one connection over all its requests.
"""

from concurrent.futures import ThreadPoolExecutor

from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory


class Server:
    """Answers as somebody who is signed in; ``threads`` as docs/operator.md runs them."""

    def __init__(self, client: Client, threads: int = 8) -> None:
        self._handle = WSGIHandler()
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self._factory = RequestFactory(HTTP_COOKIE=cookies)
        self._threads = threads

    def get(self, path: str) -> int:
        """Return the status of one answer."""
        told = []
        environ = self._factory.get(path).environ
        response = self._handle(environ, lambda status, _headers: told.append(status))
        b"".join(response)
        response.close()  # now the connection goes back to the pool
        return int(told[0][:3])

    def burst(self, path: str, count: int) -> list[int]:
        """Return the statuses of ``count`` requests at once, as many as there are threads."""
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self.get, [path] * count))
