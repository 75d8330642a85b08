"""A node of the product for one run: an empty data folder, a free port, the binary that was built."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

# How long a node may take to be ready, and to stop; reached only if it never does.
PATIENCE_S = 30
# How often readiness is asked for meanwhile.
ASK_EVERY_S = 0.02


class Failed(Exception):
    """What the run cannot go on after, in a sentence."""


class Node:
    """A running node; stops, as an operator stops it, at the end of its `with` block."""

    def __init__(self, binary, folder):
        self.binary, self.data, self.log = binary, folder / "data", folder / "node.log"
        self.url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self):
        listen = self.url.removeprefix("http://")
        line = [self.binary, "serve", "--data", self.data, "--listen", listen]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=log)
        try:
            self._wait_until_ready()
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, error, trace):
        early = self.process.poll()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed(f"the node did not stop within {PATIENCE_S} s\n{self.tail()}") from error
        if early is not None or code != 0:
            raise Failed(f"the node ended with {code}\n{self.tail()}") from error

    def tail(self):
        """The last lines that it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def _wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failed(f"the node did not start\n{self.tail()}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=PATIENCE_S):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(ASK_EVERY_S)
        raise Failed(f"the node was not ready within {PATIENCE_S} s\n{self.tail()}")

    def administer(self, *words):
        """Runs a command of the product on the node's folder and returns what it printed."""
        line = [self.binary, *words, "--data", self.data]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"`fengsui {' '.join(words)}` ended with {done.returncode}: {done.stderr}")
        return done.stdout.strip()

    def ask(self, token, method, path, body=None, kind="application/json"):
        """Sends a request that must succeed; returns the JSON of the answer."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Failed(f"{method} {path} answered {error.code}: {error.read().decode()}") from error

    def choose_password(self, link, password):
        """Opens a one-time link as its owner does in a browser, and chooses the password."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = browser.open(self.url + link, timeout=PATIENCE_S).read().decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        words = hidden | {"password": password, "password_again": password}
        browser.open(self.url + link, urlencode(words).encode(), timeout=PATIENCE_S).close()


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
