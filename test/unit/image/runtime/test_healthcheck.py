import http.server
import socketserver
import tempfile
import threading
import unittest

from wsgi_on_aws.healthcheck import host_of, status


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.headers["Host"] == "site" and self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *arguments):
        pass

    def address_string(self):
        return ""


class HealthCheck(unittest.TestCase):
    def serve(self, server):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)

    def test_over_a_port(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.serve(server)
        address = f"127.0.0.1:{server.server_port}"
        self.assertEqual(status(address, "/healthz", "site", "http"), 200)
        self.assertEqual(status(address, "/healthz", "other", "http"), 404)

    def test_over_a_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            server = socketserver.UnixStreamServer(f"{folder}/g.sock", Handler)
            self.serve(server)
            self.assertEqual(status(f"{folder}/g.sock", "/healthz", "site", "http"), 200)

    def test_host(self):
        table = {
            "a.example.com,b": "a.example.com",
            ".example.com": "example.com",
            "*": "localhost",
            "": "localhost",
            "[::1]": "[::1]",
        }
        for allowed, expected in table.items():
            self.assertEqual(host_of(allowed), expected)
