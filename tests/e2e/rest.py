"""A client of the HTTP face that shares no code with Stafet: Python's own http.client. Every
answer is one that proto/openapi.yaml describes."""

import http.client
import json

import described
from ports import free_port


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Web:
    """One connection a request: nothing of one is in another."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token

    def ask(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, dict):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, sent)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        described.check(method, path, answer)
        return answer

    def get(self, path, **headers):
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.json()

    def post(self, path, body=None, status=202, **headers):
        answer = self.ask("POST", path, body if body is not None else {}, **headers)
        assert answer.status == status, (path, answer.status, answer.body)
        return answer.json() if answer.body else None


class Browser(Web):
    """What a browser does: it keeps cookies, and its page shows the session's csrf."""

    def __init__(self, party):
        super().__init__(party.web_port)
        self.cookies, self.csrf = {}, None

    def ask(self, method, path, body=None, **headers):
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf is not None and method != "GET":
            headers["Stafet_CSRF"] = self.csrf
        answer = super().ask(method, path, body, **headers)
        if "set-cookie" in answer.headers:
            name, value = answer.headers["set-cookie"].split(";")[0].split("=", 1)
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def secret(self):
        return next(iter(self.cookies.values()))

    def sign_in(self, user, password):
        answer = self.ask("POST", "/console/session", {"user": user, "password": password})
        assert answer.status == 200, (answer.status, answer.body)
        self.csrf = answer.json()["csrf"]
        return answer.json()


def open_web(party):
    """The party's node listens for HTTP from its next start on."""
    party.web_port = free_port()
    with party.config.open("a") as config:
        config.write(f'http {{ listen = "127.0.0.1:{party.web_port}" }}\n')
    return party


def bearer(party, name, *roles):
    """A client with a new token of these roles."""
    made = party.json("token", "create", name, "--role", ",".join(roles))
    return Web(party.web_port, made["token"])
