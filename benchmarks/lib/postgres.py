"""As much of PostgreSQL's protocol (version 3, SCRAM-SHA-256) as one question needs, so that nothing has to be installed."""

import base64
import hashlib
import hmac
import os
import socket
import struct


class Connection:
    def __init__(self, port, user, password, database="postgres"):
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=10).makefile("rwb")
        start = b"\0\3\0\0" + b"".join(x.encode() + b"\0" for x in ("user", user, "database", database)) + b"\0"
        self._write(b"", start)
        self._log_in(password)

    def rows(self, query):
        """The rows of one statement, every value a string or None."""
        self._write(b"Q", query.encode() + b"\0")
        return list(self._rows_until_ready())

    def close(self):
        self._write(b"X", b"")
        self.stream.close()

    def _rows_until_ready(self):
        while True:
            kind, body = self._read()
            if kind == b"Z":
                return
            if kind == b"D":
                yield self._row(body)

    @staticmethod
    def _row(body):
        at, values = 2, []
        for _ in range(struct.unpack_from("!h", body)[0]):
            length = struct.unpack_from("!i", body, at)[0]
            at += 4
            values.append(None if length < 0 else body[at:at + length].decode())
            at += max(0, length)
        return values

    def _log_in(self, password):
        """RFC 5802, 7677."""
        self._read()  # which mechanisms there are
        first = "n=,r=" + base64.b64encode(os.urandom(18)).decode()
        self._write(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first) + 3) + b"n,," + first.encode())
        challenge = self._read()[1][4:].decode()
        nonce, salt, rounds = (part[2:] for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
        key = hmac.digest(salted, b"Client Key", "sha256")
        last = "c=biws,r=" + nonce
        proof = hmac.digest(hashlib.sha256(key).digest(), ",".join((first, challenge, last)).encode(), "sha256")
        self._write(b"p", f"{last},p={base64.b64encode(bytes(a ^ b for a, b in zip(key, proof))).decode()}".encode())
        list(self._rows_until_ready())

    def _write(self, kind, body):
        self.stream.write(kind + struct.pack("!i", len(body) + 4) + body)
        self.stream.flush()

    def _read(self):
        head = self.stream.read(5)
        if len(head) < 5:
            raise ConnectionError("PostgreSQL closed the connection")
        body = self.stream.read(struct.unpack("!i", head[1:])[0] - 4)
        if head[:1] == b"E":
            raise ConnectionError("PostgreSQL: " + ", ".join(f[1:].decode() for f in body.split(b"\0") if f[:1] in (b"S", b"M")))
        return head[:1], body
