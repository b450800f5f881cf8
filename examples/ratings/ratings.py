#!/usr/bin/env python3
"""A service of another team, for docs/your-own-part.md: what customers think of products, on a page that is not its own.

    python3 examples/ratings/ratings.py --port 8090
    curl 'http://127.0.0.1:8090/ratings?product_ids=1,2,3'

It needs nothing but Python's standard library. GET /ratings?product_ids=1,2 answers a list with a rating for each product
that it knows; who has none is not in the list. GET /users/3/points answers what a customer has collected.
"""

import argparse
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def rating(product):
    """Every seventh product has not been rated yet."""
    return None if product % 7 == 0 else round(3 + product * 13 % 21 / 10, 1)


class Ratings(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept: the page asks often

    def do_GET(self):
        url = urlsplit(self.path)
        points = re.fullmatch(r"/users/([1-9]\d{0,9})/points", url.path)
        if url.path == "/ratings":
            self.answer(*self.ratings(parse_qs(url.query).get("product_ids", [""])[0]))
        elif points:
            self.answer(200, {"points": int(points[1]) * 40})
        else:
            self.answer(404, {"title": "Not found", "detail": "There is /ratings?product_ids=1,2 and /users/3/points."})

    @staticmethod
    def ratings(asked):
        if not re.fullmatch(r"[1-9]\d{0,9}(,[1-9]\d{0,9}){0,499}", asked):
            return 400, {"title": "Bad request", "detail": "product_ids: 1 to 500 ids with commas between them."}
        known = [(int(product), rating(int(product))) for product in asked.split(",")]
        return 200, [{"product_id": product, "rating": value} for product, value in known if value is not None]

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Says nothing of each request."""


def main():
    options = argparse.ArgumentParser(description="Ratings of products, as a part of Vitrina's page")
    options.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    options.add_argument("--port", type=int, default=8090, help="port, 0 for any free one (default: %(default)s)")
    given = options.parse_args()
    ThreadingHTTPServer.daemon_threads = True
    with ThreadingHTTPServer((given.host, given.port), Ratings) as server:
        print(f"Ratings at http://{given.host}:{server.server_port}/ratings?product_ids=1,2,3", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
