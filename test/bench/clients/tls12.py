"""New TLS 1.2 connections by a client that costs as little as it can: how many a second, as one line of JSON.

On the cores that it shares with nginx a client made of OpenSSL takes more than nginx, and is then what is measured. This one
completes each handshake and checks the server's Finished, but does not verify the certificate, and keeps its own key.
Arguments: port, processes, seconds.
"""

import hmac
import json
import multiprocessing
import os
import socket
import sys
import time
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HANDSHAKE, CHANGE_CIPHER_SPEC = 22, 20
CLIENT_HELLO, SERVER_HELLO, KEY_EXCHANGE, HELLO_DONE, CLIENT_KEY, FINISHED = 1, 2, 12, 14, 16, 20
VERSION = b"\x03\x03"

own_key = X25519PrivateKey.generate()


def vector(width: int, content: bytes) -> bytes:
    return len(content).to_bytes(width, "big") + content


def extension(number: int, content: bytes) -> bytes:
    return number.to_bytes(2, "big") + vector(2, content)


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + vector(3, body)


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + VERSION + vector(2, body)


# ECDHE with AES-128-GCM, for certificates with ECDSA and with RSA.
CIPHERS = b"\xc0\x2b\xc0\x2f"
EXTENSIONS = (
    extension(10, vector(2, b"\x00\x1d\x00\x17"))  # X25519; P-256 as the curve of certificates
    + extension(11, vector(1, b"\x00"))  # points uncompressed
    + extension(13, vector(2, b"\x04\x03\x08\x04\x04\x01"))  # signatures: ECDSA, RSA-PSS, RSA
    + extension(23, b"")  # extended master secret
    + extension(35, b"")  # a session ticket is welcome
    + extension(0xFF01, b"\x00")  # secure renegotiation
)
HELLO_REST = b"\x00" + vector(2, CIPHERS) + b"\x01\x00" + vector(2, EXTENSIONS)
MY_KEY = message(CLIENT_KEY, vector(1, own_key.public_key().public_bytes_raw()))


def derived(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """The PRF of RFC 5246, section 5."""
    seed = label + seed
    result, chain = b"", seed
    while len(result) < length:
        chain = hmac.digest(secret, chain, "sha256")
        result += hmac.digest(secret, chain + seed, "sha256")
    return result[:length]


class Reader:
    """Records, and the messages of a handshake in them."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.records = b""
        self.messages = b""

    def record(self) -> tuple[int, bytes]:
        while len(self.records) < 5 or len(self.records) < (end := 5 + int.from_bytes(self.records[3:5], "big")):
            received = self.connection.recv(16384)
            if not received:
                raise OSError("closed")
            self.records += received
        kind, body, self.records = self.records[0], self.records[5:end], self.records[end:]
        return kind, body

    def message(self) -> bytes:
        while len(self.messages) < 4 or len(self.messages) < (end := 4 + int.from_bytes(self.messages[1:4], "big")):
            kind, body = self.record()
            if kind != HANDSHAKE:
                raise OSError("refused")
            self.messages += body
        found, self.messages = self.messages[:end], self.messages[end:]
        return found


def handshake(port: int) -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", port))
        reader = Reader(connection)
        client_random = os.urandom(32)
        hello = message(CLIENT_HELLO, VERSION + client_random + HELLO_REST)
        connection.sendall(record(HANDSHAKE, hello))
        transcript = sha256(hello)
        while True:
            answer = reader.message()
            transcript.update(answer)
            if answer[0] == SERVER_HELLO:
                server_random = answer[6:38]
            elif answer[0] == KEY_EXCHANGE:
                server_key = X25519PublicKey.from_public_bytes(answer[8:40])
            elif answer[0] == HELLO_DONE:
                break
        transcript.update(MY_KEY)
        premaster = own_key.exchange(server_key)
        master = derived(premaster, b"extended master secret", transcript.digest(), 48)
        keys = derived(master, b"key expansion", server_random + client_random, 40)
        finished = message(FINISHED, derived(master, b"client finished", transcript.digest(), 12))
        # Number, type, version and length of the first record under the new keys, on both ways.
        head = bytes(8) + bytes([HANDSHAKE]) + VERSION + len(finished).to_bytes(2, "big")
        sealed = bytes(8) + AESGCM(keys[:16]).encrypt(keys[32:36] + bytes(8), finished, head)
        connection.sendall(
            record(HANDSHAKE, MY_KEY) + record(CHANGE_CIPHER_SPEC, b"\x01") + record(HANDSHAKE, sealed)
        )
        transcript.update(finished)
        kind, body = reader.record()
        while kind != CHANGE_CIPHER_SPEC:
            if kind != HANDSHAKE:
                raise OSError("refused")
            transcript.update(body)  # the ticket
            kind, body = reader.record()
        kind, body = reader.record()
        opened = AESGCM(keys[16:32]).decrypt(keys[36:40] + body[:8], body[8:], head)
        if opened[4:] != derived(master, b"server finished", transcript.digest(), 12):
            raise OSError("the server's Finished is wrong")


def client(port: int, end: float) -> tuple[list[float], int]:
    waits, errors = [], 0
    while (started := time.monotonic()) < end:
        try:
            handshake(port)
            waits.append(time.monotonic() - started)
        except OSError:
            errors += 1
    return waits, errors


if __name__ == "__main__":
    port, processes, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        started = time.monotonic()
        results = pool.starmap(client, [(port, started + seconds)] * processes, chunksize=1)
        elapsed = time.monotonic() - started
    waits = sorted(wait for found, _ in results for wait in found)
    p99 = waits[int(len(waits) * 0.99)] * 1000 if waits else 0
    errors = sum(count for _, count in results)
    print(json.dumps({"answers": len(waits), "seconds": elapsed, "p99ms": round(p99, 3), "errors": errors}))
