"""A program that answers as a department's own system would: `python -m simulators.department PORT`.

It knows nobody. What it says is computed from the identity number asked about, and every answer says that it simulates.
A check fails for identity numbers whose last digit but one is 9, so that the manual way can be tried as well.
"""

import hashlib
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NOTE = "本结果由模拟业务系统生成，仅供演示，不是真实数据"
MOST_BYTES = 1_000_000


class Department(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/lookup" or not 0 < length <= MOST_BYTES:
            self._reply(404, {"error": "POST /lookup"})
            return
        try:
            question = json.loads(self.rfile.read(length))
            self._reply(200, answer(question))
        except (ValueError, KeyError, TypeError) as error:
            self._reply(400, {"error": str(error)})

    def log_message(self, format: str, *args: object) -> None:
        """Questions name persons: nothing is logged."""

    def _reply(self, status: int, value: dict[str, Any]) -> None:
        content = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """The same question always gets the same answer."""
    number = question["subject"]["id_number"]
    seed = int(hashlib.sha256(f"{question['item']} {number}".encode()).hexdigest()[:8], 16)
    matched = len(number) < 2 or number[-2] != "9"
    records = [
        {"label": "参保险种", "value": "企业职工基本养老保险、失业保险、工伤保险"},
        {"label": "累计缴费月数", "value": str(seed % 360 + 1)},
        {"label": "当前状态", "value": "正常参保" if seed % 3 else "暂停缴费"},
        {"label": "查询验证码", "value": f"MN{seed:010d}"},
    ]
    return {"matched": matched, "records": records if matched else [], "note": NOTE}


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Department)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
