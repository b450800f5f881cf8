#!/usr/bin/env python3
"""A cart of another team, for docs/replace-a-service.md: it takes the place of Vitrina's own, and the shop notices nothing.

    python3 examples/cart/cart.py --port 8093
    ./vitrina verify cart http://127.0.0.1:8093 --management http://127.0.0.1:8093

It needs nothing but Python's standard library (3.9 or newer) and keeps carts in SQLite, in memory or in a file. It asks nobody
who they are: the network policies of the chart let only the BFF reach it.
"""

import argparse
import json
import re
import signal
import sqlite3
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LARGEST_ID = 2**31 - 1
LARGEST_BODY = 64 * 1024
LARGEST_DROPPED = 10 * 1024 * 1024
TITLES = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 413: "Content too large",
          415: "Unsupported media type", 504: "Timeout"}


class Refusal(Exception):
    """Ends a request with a problem (RFC 9457); `slug` is the end of its type."""

    def __init__(self, status, slug, detail, headers=(), **members):
        super().__init__(detail)
        self.status, self.slug, self.headers, self.members = status, slug, dict(headers), members


class Carts:
    """Quantities by user and product. One connection, and one request at a time on it."""

    def __init__(self, file):
        self.lock = threading.Lock()
        self.db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self.db.execute("CREATE TABLE IF NOT EXISTS line (user INT, product INT, quantity INT, PRIMARY KEY (user, product))")

    def run(self, seconds, statement, *values):
        if not self.lock.acquire(timeout=seconds):
            raise Refusal(504, "timeout", "The time for this request is over; try again later.")
        try:
            return self.db.execute(statement, values).fetchall()
        finally:
            self.lock.release()

    def lines(self, seconds, user):
        rows = self.run(seconds, "SELECT product, quantity FROM line WHERE user = ? ORDER BY product", user)
        return [{"product_id": product, "quantity": quantity} for product, quantity in rows]

    def put(self, seconds, user, product, quantity):
        self.run(seconds, "INSERT OR REPLACE INTO line VALUES (?, ?, ?)", user, product, quantity)

    def remove(self, seconds, user, product):
        self.run(seconds, "DELETE FROM line WHERE user = ? AND product = ?", user, product)

    def clear(self, seconds, user):
        self.run(seconds, "DELETE FROM line WHERE user = ?", user)

    def erase(self, seconds, user):
        lines = len(self.lines(seconds, user))
        self.clear(seconds, user)
        return {"erased": {"lines": lines}, "kept": []}


class Cart(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept: the BFF asks often
    disable_nagle_algorithm = True  # else each answer waits for the one before to be acknowledged
    carts = None

    def serve(self):
        self.status, self.headers_sent, answer = 204, {}, None
        try:
            body = self.body()
            answer = self.answer(urlsplit(self.path).path.rstrip("/"), "GET" if self.command == "HEAD" else self.command, body)
            self.status = 204 if answer is None else 200
        except Refusal as refused:
            answer = self.problem(refused)
        self.send(answer)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = do_PATCH = do_OPTIONS = serve

    def answer(self, path, method, body):
        seconds = self.seconds_left()
        routes = {
            r"/users/([^/]+)/cart": {"GET": self.carts.lines, "DELETE": self.carts.clear},
            r"/users/([^/]+)/cart/([^/]+)": {"PUT": lambda *ids: self.carts.put(*ids, self.quantity(body)),
                                             "DELETE": self.carts.remove},
            r"/ops/users/([^/]+)": {"DELETE": self.carts.erase},
            r"/q/health/(?:live|started|ready)": {"GET": lambda seconds: {"status": "UP"}},
        }
        for route, methods in routes.items():
            match = re.fullmatch(route, path)
            if match and method not in methods:
                raise Refusal(405, "method-not-allowed", f"{path} takes {', '.join(methods)}.", {"Allow": ", ".join(methods)})
            if match:
                return methods[method](seconds, *map(self.id, match.groups()))
        raise Refusal(404, "not-found", "There is nothing at this path.")

    @staticmethod
    def id(text):
        if not re.fullmatch("[1-9][0-9]{0,9}", text) or int(text) > LARGEST_ID:
            raise Refusal(400, "bad-request", f"An id in the path is no integer from 1 to {LARGEST_ID}.")
        return int(text)

    def seconds_left(self):
        text = self.headers.get("X-Request-Deadline-Ms", "1000")
        if not re.fullmatch("0*[1-9][0-9]{0,17}", text):
            raise Refusal(400, "bad-request", "X-Request-Deadline-Ms is no positive integer.")
        return min(int(text), 1000) / 1000

    def quantity(self, body):
        json_only = {"Accept": "application/json"}
        if "Content-Encoding" in self.headers:
            raise Refusal(415, "unsupported-media-type", "Send application/json without a Content-Encoding.", json_only)
        if self.headers.get_content_type() != "application/json":
            raise Refusal(415, "unsupported-media-type", "Send application/json.", json_only)
        try:
            quantity = json.loads(body)["quantity"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Refusal(400, "bad-request", 'The body is not like {"quantity":2}.') from None
        if type(quantity) is not int:
            raise Refusal(400, "bad-request", "quantity is no integer.")
        if not 1 <= quantity <= 999:
            violation = {"field": "quantity", "message": "must be from 1 to 999"}
            raise Refusal(400, "validation", "quantity must be from 1 to 999.", violations=[violation])
        return quantity

    def body(self):
        """All of it, so that the next request on this connection begins where it ends."""
        read = b""
        for size in self.sizes():
            piece = self.rfile.read(size)
            read = read + piece if len(read) <= LARGEST_BODY else read
        if len(read) > LARGEST_BODY:
            raise Refusal(413, "content-too-large", f"A body may have {LARGEST_BODY} bytes.")
        return read

    def sizes(self):
        """Of the pieces that the body comes in, each ready to be read."""
        chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        length = self.headers.get("Content-Length", "0")
        if not chunked and (not re.fullmatch("[0-9]{1,15}", length) or int(length) > LARGEST_DROPPED):
            self.close_connection = True
            raise Refusal(413, "content-too-large", f"A body may have {LARGEST_BODY} bytes.")
        if not chunked:
            yield int(length)
            return
        total, size = 0, None
        while size != 0:
            line = self.rfile.readline(100).split(b";")[0].strip()
            size = int(line, 16) if re.fullmatch(b"[0-9a-fA-F]{1,7}", line) else LARGEST_DROPPED + 1
            total += size
            if total > LARGEST_DROPPED:
                self.close_connection = True
                raise Refusal(413, "content-too-large", f"A body may have {LARGEST_BODY} bytes.")
            yield size
            self.rfile.readline(100)

    def problem(self, refused):
        self.status, self.headers_sent = refused.status, {**refused.headers, "Content-Type": "application/problem+json"}
        return {"type": f"urn:vitrina:problem:{refused.slug}", "title": TITLES.get(refused.status, "Bad request"),
                "status": refused.status, "detail": str(refused), "instance": urlsplit(self.path).path,
                "trace_id": uuid.uuid4().hex, **refused.members}

    def send(self, answer):
        data = b"" if answer is None else json.dumps(answer).encode()
        headers = {"X-Request-Id": self.headers.get("X-Request-Id") or str(uuid.uuid4()),
                   "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "Vary": "Authorization"}
        if answer is not None:
            headers.update({"Content-Type": "application/json", "Content-Length": str(len(data))})
        headers.update(self.headers_sent)
        self.send_response(self.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *args):
        """Says nothing of each request."""


def main():
    options = argparse.ArgumentParser(description="Carts, by Vitrina's contract")
    options.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    options.add_argument("--port", type=int, default=8093, help="port, 0 for any free one (default: %(default)s)")
    options.add_argument("--data", default=":memory:", help="file to keep carts in (default: none)")
    given = options.parse_args()
    Cart.carts = Carts(given.data)
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 256
    with ThreadingHTTPServer((given.host, given.port), Cart) as server:
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"Carts at http://{given.host}:{server.server_port}/users/1/cart", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
