"""A server of files on the loopback interface: the network of the tests."""

import os
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, one of each odd kind on request, and keeps silent."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        if "forbidden" in self.path:
            self.send_error(403)
        elif "short" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"short")
        else:
            super().do_GET()


@contextmanager
def serving(folder):
    """The address of a server of *folder* that lives as long as the block; no proxy stands before it."""
    kept = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    os.environ |= dict.fromkeys(kept, "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            for name, value in kept.items():
                os.environ.pop(name)
                os.environ |= {} if value is None else {name: value}
