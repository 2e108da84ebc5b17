"""The scripted model of the test, and its clock: what the model meets can be waited for, it goes on when it is told, and
time passes when it is told to."""

import urllib.request


class Model:
    def __init__(self, url: str):
        self.url = url

    def was_asked(self, times: int, seconds: float = 20):
        """Waits until it was asked as often. `TimeoutError` if it is not."""
        self._call("GET", f"/was_asked/{times}", seconds)

    def was_hung_up(self, times: int, seconds: float = 20):
        """Waits until as many of its answers were cut off by who asked. `TimeoutError` if they are not."""
        self._call("GET", f"/was_hung_up/{times}", seconds)

    def go_on(self):
        """Lets the step go on that waits."""
        self._call("POST", "/go_on", 20)

    def tick(self):
        """A second passes. Two turns of a conversation never begin at the same time."""
        self._call("POST", "/tick", 20)

    def _call(self, method: str, path: str, seconds: float):
        request = urllib.request.Request(self.url + path, method=method)
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            assert answer.status == 200, answer.status
