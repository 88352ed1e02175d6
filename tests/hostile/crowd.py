# SPDX-License-Identifier: Apache-2.0
"""crowd.py PORT SLOW IDLE: that many connections that are slow with a header or a body, and that do nothing at all.

Says `ready` when all were made once, then goes on: whoever is closed comes again. Ends with its standard input.
"""

import asyncio
import resource
import ssl
import sys

AT_ONCE = 64  # handshakes
STARTS = (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
          b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\n",
          b"")


async def slow(port, number, turns, made):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    first = True
    while True:
        try:
            async with turns:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, ssl_handshake_timeout=30)
                writer.write(STARTS[number % len(STARTS)])
            if first:
                made[0] += 1
                first = False
            while not reader.at_eof():
                await asyncio.sleep(5)
                writer.write(b"a")
                await writer.drain()
        except (OSError, ssl.SSLError, asyncio.TimeoutError):
            if first:
                made[0] += 1
                first = False
        await asyncio.sleep(1)


async def idle(port, turns, made):
    first = True
    while True:
        try:
            async with turns:
                reader, _ = await asyncio.open_connection("127.0.0.1", port)
            if first:
                made[0] += 1
                first = False
            await reader.read(1)
        except OSError:
            pass
        await asyncio.sleep(10)


async def main(port, slow_count, idle_count):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < slow_count + idle_count + 100:
        print(f"this machine lets a process open {hard} files", flush=True)
        return 1
    turns, made = asyncio.Semaphore(AT_ONCE), [0]
    tasks = [asyncio.create_task(slow(port, number, turns, made)) for number in range(slow_count)]
    tasks += [asyncio.create_task(idle(port, turns, made)) for _ in range(idle_count)]
    while made[0] < slow_count + idle_count:
        await asyncio.sleep(0.1)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for task in tasks:
        task.cancel()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*map(int, sys.argv[1:]))))
