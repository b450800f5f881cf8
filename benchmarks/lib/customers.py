"""Customers who place orders over HTTP and wait until they are confirmed: a closed loop, or a constant rate."""

import asyncio
import itertools
import json
import random
import re
import time
import uuid

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
PLACE = re.compile(rb"\r\nlocation: *(?:http://[^/]+)?(\S+)\r\n", re.IGNORECASE)


class Line(asyncio.Protocol):
    """One kept connection with one request at a time: a client of the standard library costs as much as the answer."""

    def __init__(self):
        self.buffer, self.waiting = b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end + 2]
        found = LENGTH.search(head)
        total = end + 4 + (int(found[1]) if found else 0)
        if len(self.buffer) >= total:
            body, self.buffer = self.buffer[end + 4:total], self.buffer[total:]
            self.waiting.set_result((int(head[9:12]), head, body))

    def connection_lost(self, why):
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(why or ConnectionError("closed"))

    async def ask(self, method, path, headers="", body=b""):
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode()
                             + body)
        return await asyncio.wait_for(self.waiting, 10)


class Customers:
    """A crowd of users, each with an order of one piece now and then."""

    numbers = itertools.count(1)

    def __init__(self, ports, users, prices, products, seed):
        self.ports, self.idle = itertools.cycle(ports), {port: [] for port in ports}
        self.users, self.prices = itertools.cycle(users), prices
        self.products, self.random = products, random.Random(seed)
        self.latencies, self.outcomes = [], {}

    async def closed(self, conns, seconds):
        end = time.monotonic() + seconds

        async def loop():
            while time.monotonic() < end:
                await self._order(time.monotonic())

        begun = time.monotonic()
        await asyncio.gather(*(loop() for _ in range(conns)))
        return self._told(time.monotonic() - begun)

    async def open(self, rate, seconds):
        """Each order has its moment; what it waits because others are slow counts as its own."""
        begun, orders = time.monotonic(), []
        for n in range(int(rate * seconds)):
            due = begun + n / rate
            await asyncio.sleep(max(0, due - time.monotonic()))
            orders.append(asyncio.create_task(self._order(due)))
        await asyncio.gather(*orders)
        return self._told(time.monotonic() - begun)

    async def _order(self, since):
        idle = self.idle[port := next(self.ports)]
        line = idle.pop() if idle else await self._connect(port)
        try:
            outcome = await self._confirmed(line)
        except (OSError, asyncio.TimeoutError) as e:
            line.transport.abort()
            outcome = type(e).__name__
        else:
            idle.append(line)
        if outcome == "confirmed":
            self.latencies.append(time.monotonic() - since)
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    async def _confirmed(self, line):
        product, user = self.random.choice(self.products), next(self.users)
        body = json.dumps({"products": [{"id": product, "price": self.prices[product]}], "shipping_to": "Москва, Садовая, 302-бис",
                           "phone": f"+7{9_000_000_000 + next(self.numbers)}"}, ensure_ascii=False).encode()
        status, head, answer = await line.ask(
            "POST", f"/api/v1/orders/?user_id={user}",
            f"Content-Type: application/json\r\nIdempotency-Key: {uuid.uuid4()}\r\n", body)
        if status == 202:
            self.outcomes["answered 202"] = self.outcomes.get("answered 202", 0) + 1
            where = f"{PLACE.search(head)[1].decode()}?user_id={user}"
            for _ in range(200):
                await asyncio.sleep(0.05)
                status, _, answer = await line.ask("GET", where)
                if status == 200 and json.loads(answer)["status"] != "pending":
                    return json.loads(answer)["status"]
            return "pending"
        return json.loads(answer)["status"] if status == 201 else str(status)

    @staticmethod
    async def _connect(port):
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
        return line

    def _told(self, seconds):
        for line in itertools.chain(*self.idle.values()):
            line.transport.close()
        ms = sorted(1000 * x for x in self.latencies)
        return {"confirmed": len(ms), "confirmed_per_s": round(len(ms) / seconds, 1), "seconds": round(seconds, 1),
                "outcomes": self.outcomes, "latency_ms": {
                    name: round(ms[min(len(ms) - 1, int(len(ms) * q))], 1) for name, q in
                    (("p50", .5), ("p90", .9), ("p99", .99), ("p999", .999), ("max", 1))} if ms else {}}
