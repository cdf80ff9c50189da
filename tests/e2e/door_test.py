"""Who may come in: tokens of the coordinator, people who sign in with a browser, and what each opens."""

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time

import pytest
from letters import Stay
from month import month_query
from rest import Browser, Web, bearer, open_web
from wait import until
from web import Authority

PASSWORD = "en lang adgangskode til Anna"
ROLES = ("system-in", "system-out", "clerk", "clinician", "auditor", "operator")


@pytest.fixture
def coordinator(region):
    """The region's coordinator, with an HTTP face."""
    open_web(region.coordinator).restart()
    return region.coordinator


def test_reading_at_the_coordinator(coordinator, region, templates):
    """A real discharge as the region sees it, and who read it is written down."""
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    letter = region.folder / "letter.json"
    letter.write_bytes(Stay(templates, hospital, kommune).admit())
    sent = hospital.json("send", letter, "--wait", 15)
    watch = bearer(coordinator, "watch", "system-out", "clinician", "auditor", "operator")
    rows = watch.get("/api/v1/transitions")["transitions"]
    assert [row["transition"] for row in rows] == [sent["transition"]]
    path = f"/api/v1/transitions/{sent['transition']}"
    assert watch.get(path)["events"]
    assert watch.get(path + "/timeline")["lanes"]
    (region.folder / "evidence").write_bytes(watch.ask("GET", path + "/evidence").body)
    region.stafet("evidence", "verify", region.folder / "evidence")
    assert watch.get(f"/api/v1/messages/{sent['message']}/proof")
    log = watch.get("/api/v1/log?verify=true")
    assert (log["verified"], log["fault"]) == (True, "")
    assert len(watch.get("/api/v1/directory")["parties"]) == 3
    assert watch.get("/api/v1/status")["program"] == "coordinator"
    assert watch.get(f"/api/v1/indicators?{month_query()}")
    agreement = watch.get("/api/v1/agreements")["agreements"][0]
    words = watch.ask("GET", f"/api/v1/agreements/{agreement['name']}/explanation?language=en")
    assert words.headers["content-type"].startswith("text/plain") and b"version 1" in words.body
    assert b"stafet_info" in watch.ask("GET", "/metrics").body
    read = [row for row in watch.get("/api/v1/access-log")["accesses"]
            if row["account"] == "token:watch"]
    assert {"transitions", "transition", "evidence"} <= {row["asked"] for row in read}
    coordinator.stafet("token", "revoke", "watch")
    assert watch.ask("GET", path).status == 401


def user(party, name, *roles, password=PASSWORD):
    """A person who may sign in there."""
    party.region.stafet("user", "create", name, "--role", ",".join(roles), "--name", "Anna Hansen",
                        "--socket", party.socket, stdin=password.encode() + b"\n")
    return Browser(party)


@pytest.fixture(params=["node", "coordinator"])
def house(request, region):
    """A daemon with a door: a node, and the coordinator."""
    if request.param == "coordinator":
        return open_web(region.coordinator).restart()
    party = open_web(region.party("Nordby Kommune", "municipality").sign().approve())
    party.start()
    region.nodes.append(party)
    return party.wait_connected()


def test_a_person_signs_in_and_out(house):
    anna = user(house, "anna", "clerk", "auditor")
    nobody = anna.ask("GET", "/console/session")
    assert (nobody.status, nobody.json()["daemon"]) == (401, house.json("status")["program"])
    assert anna.ask("GET", "/api/v1/directory").status == 401
    session = anna.sign_in("anna", PASSWORD)
    assert session["user"] == "anna" and session["name"] == "Anna Hansen"
    assert session["roles"] == ["clerk", "auditor"] and session["idle_s"] == 900
    assert session["party"]["name"] == house.name and len(session["csrf"]) == 43
    assert anna.ask("GET", "/console/session").json() == session
    assert anna.get("/api/v1/directory")["parties"]
    assert anna.ask("GET", "/api/v1/status").status == 200
    assert anna.ask("GET", "/metrics").status == 403

    # It outlives the daemon, and nothing in the files of the daemon signs in.
    house.restart()
    assert anna.ask("GET", "/console/session").status == 200
    for file in house.folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
            assert PASSWORD.encode() not in data and anna.secret().encode() not in data, file
    row = house.json("user", "list")["users"][0]
    assert (row["user"], row["sessions"], row["has_password"]) == ("anna", 1, True)
    assert anna.ask("POST", "/console/session/renew").status == 200
    assert anna.ask("DELETE", "/console/session").status == 204
    assert not anna.cookies and anna.ask("GET", "/api/v1/directory").status == 401


def test_the_cookie_is_for_this_host_alone(house):
    anna = user(house, "anna", "clerk")
    answer = anna.ask("POST", "/console/session", {"user": "anna", "password": PASSWORD})
    parts = answer.headers["set-cookie"].split("; ")
    assert parts[0].startswith(f"stafet-{house.web_port}=")
    assert set(parts[1:]) == {"Path=/", "HttpOnly", "SameSite=Strict"}  # Secure: over TLS alone
    assert answer.headers["cache-control"] == "no-store"
    assert anna.secret() not in answer.body.decode()
    anna.csrf = answer.json()["csrf"]
    gone = anna.ask("DELETE", "/console/session").headers["set-cookie"]
    assert "Max-Age=0" in gone


def test_another_id_at_every_sign_in(house):
    """Fixation: an id that somebody brings is never taken, and one that was shown ends."""
    anna = user(house, "anna", "clerk")
    anna.cookies[f"stafet-{house.web_port}"] = "A" * 43
    anna.sign_in("anna", PASSWORD)
    first = anna.secret()
    assert first != "A" * 43
    anna.sign_in("anna", PASSWORD)
    assert anna.secret() != first
    assert anna.ask("GET", "/api/v1/directory").status == 200
    old = Browser(house)
    old.cookies[f"stafet-{house.web_port}"] = first
    assert old.ask("GET", "/api/v1/directory").status == 401
    assert house.json("user", "list")["users"][0]["sessions"] == 1


def test_other_sites_ask_for_nothing(house):
    anna = user(house, "anna", "operator", "clerk")
    csrf = anna.sign_in("anna", PASSWORD)["csrf"]
    strange = [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
               {"Origin": "https://evil.example"}, {"Origin": "null"},
               {"Origin": "http://127.0.0.1:1"}, {"Origin": f"http://127.0.0.1.evil:{house.web_port}"}]
    own = [{}, {"Sec_Fetch_Site": "same-origin", "Origin": f"http://127.0.0.1:{house.web_port}"},
           {"Sec_Fetch_Site": "none"}]
    for headers in strange:
        for method, path in (("GET", "/api/v1/directory"), ("POST", "/console/session/renew"),
                             ("DELETE", "/console/session"), ("GET", "/console/session")):
            assert anna.ask(method, path, **headers).status == 403, (headers, method, path)
        assert Browser(house).ask("POST", "/console/session", {"user": "anna", "password": PASSWORD},
                                  **headers).status == 403
    for headers in own:
        assert anna.ask("GET", "/api/v1/directory", **headers).status == 200, headers
        assert anna.ask("POST", "/console/session/renew", **headers).status == 200
    # An unsafe request shows what only the page was told; a form of another site cannot.
    for wrong in ("", "A" * 43, csrf[:-1], csrf + "A"):
        anna.csrf = wrong
        assert anna.ask("POST", "/console/session/renew").status == 403, wrong
        assert anna.ask("DELETE", "/console/session").status == 403
        assert anna.ask("GET", "/console/session").status == 200
    anna.csrf = csrf
    assert anna.ask("DELETE", "/console/session").status == 204
    form = Browser(house).ask("POST", "/console/session", b"user=anna&password=x",
                              Content_Type="application/x-www-form-urlencoded")
    assert form.status == 415


def guess(house, name, password):
    """Past the few passwords a second that one address has."""
    def tried():
        answer = Browser(house).ask("POST", "/console/session",
                                    {"user": name, "password": password})
        return None if b"more is asked" in answer.body else answer
    return until(tried, 30, "a password is looked at")


def test_who_guesses_waits(house):
    anna = user(house, "anna", "clerk")
    anna.sign_in("anna", PASSWORD)
    told = {}
    for name in ("anna", "nobody-of-this-name"):
        answers = [guess(house, name, f"gaetteri nummer {i}") for i in range(7)]
        assert [answer.status for answer in answers[:5]] == [401] * 5, name
        assert 429 in [answer.status for answer in answers[5:]], name
        told[name] = answers[0].json()["detail"]
        waits = guess(house, name, PASSWORD)
        assert waits.status == 429 and int(waits.headers["retry-after"]) > 0
    # Nobody learns which names there are, and who is signed in stays so.
    assert told["anna"] == told["nobody-of-this-name"]
    assert anna.ask("GET", "/api/v1/directory").status == 200
    # After the wait the right one opens; a link does so at once.
    code = house.json("user", "link", "anna")["code"]
    linked = Browser(house)
    assert linked.ask("POST", "/console/session", {"code": code}).status == 200
    until(lambda: Browser(house).ask("POST", "/console/session", {
        "user": "anna", "password": PASSWORD}).status == 200, 20, "the wait is over")


def test_one_address_guesses_slowly(house):
    """More names do not help: guesses of one address are counted together."""
    begun = time.monotonic()
    statuses = [Browser(house).ask("POST", "/console/session", {"user": f"name-{i}", "password": "x" * 12})
                .status for i in range(60)]
    assert set(statuses) == {401, 429}
    # Twenty at once, and one a second.
    assert statuses.count(401) <= 21 + (time.monotonic() - begun)


def guess_without_end(port, address, stop, statuses):
    """Names and passwords from one address of this machine, as fast as they are answered."""
    number = 0
    while not stop.is_set():
        number += 1
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20,
                                                source_address=(address, 0))
        with contextlib.closing(connection):
            connection.request("POST", "/console/session", json.dumps(
                {"user": f"name-{address}-{number}", "password": "x" * 12}),
                {"Content-Type": "application/json"})
            statuses.append(connection.getresponse().status)


def test_who_guesses_keeps_nobody_else_out(house):
    """A dozen addresses guess all the time; Anna, who comes from another, signs in each time."""
    user(house, "anna", "clerk")
    stop, statuses = threading.Event(), []
    guessers = [threading.Thread(target=guess_without_end,
                                 args=(house.web_port, f"127.0.1.{i}", stop, statuses))
                for i in range(1, 13)]
    for guesser in guessers:
        guesser.start()
    try:
        until(lambda: len(statuses) > 50, 60, "guesses are made")
        for _ in range(8):
            anna = Browser(house)
            anna.sign_in("anna", PASSWORD)
            assert anna.ask("GET", "/api/v1/directory").status == 200
    finally:
        stop.set()
        for guesser in guessers:
            guesser.join(30)
    assert not any(guesser.is_alive() for guesser in guessers)
    assert 401 in statuses and set(statuses) <= {401, 429}


def follow(house, **headers):
    """A connection on which events come, with its head and the first of it read."""
    peer = socket.create_connection(("127.0.0.1", house.web_port), timeout=20)
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    peer.sendall(f"GET /api/v1/events HTTP/1.0\r\nHost: a\r\n{fields}\r\n".encode())
    head = b""
    while b"retry: " not in head:
        piece = peer.recv(65536)
        assert piece, head
        head += piece
    assert b" 200 " in head.split(b"\r\n")[0], head
    return peer


def is_over(peer, seconds=10):
    """Whether the daemon ends the connection in so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        peer.settimeout(left)
        try:
            if not peer.recv(65536):
                return True
        except TimeoutError:
            break
    return False


def test_a_stream_ends_with_what_it_was_asked_with(house):
    """Who signs out, is revoked or has another password hears nothing of what happens then."""
    def signed_in():
        browser = Browser(house)
        browser.sign_in("anna", PASSWORD)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        return browser, follow(house, Cookie=cookie)

    user(house, "anna", "clerk")
    anna, first = signed_in()
    _, other = signed_in()
    made = house.json("token", "create", "listener", "--role", "operator")["token"]
    listener = follow(house, Authorization=f"Bearer {made}")
    assert anna.ask("DELETE", "/console/session").status == 204
    assert is_over(first)
    # The streams of others go on; a sign-in ends that of the session that was shown with it.
    assert not is_over(other, 1) and not is_over(listener, 1)
    anna, first = signed_in()
    anna.sign_in("anna", PASSWORD)
    assert is_over(first) and not is_over(other, 1)
    house.region.stafet("user", "password", "anna", "--socket", house.socket,
                        stdin=PASSWORD.encode() + b"\n")
    assert is_over(other)
    _, first = signed_in()
    house.stafet("user", "revoke", "anna")
    assert is_over(first) and not is_over(listener, 1)
    house.stafet("token", "revoke", "listener")
    assert is_over(listener)


def test_a_link_signs_in_once(house):
    user(house, "anna", "clerk")
    house.stafet("user", "create", "bent", "--role", "auditor", "--no-password")
    line = house.stafet("user", "link", "bent", "--at", f"http://127.0.0.1:{house.web_port}/")
    link, code = line.strip().split("#enter=")
    assert link == f"http://127.0.0.1:{house.web_port}/console/"
    bent = Browser(house)
    answer = bent.ask("POST", "/console/session", {"code": code})
    assert (answer.status, answer.json()["user"]) == (200, "bent")
    for again in (code, "", "A" * 43):
        assert Browser(house).ask("POST", "/console/session", {"code": again}).status in (401, 422)
    # A newer link takes the place of the older; without a password nothing else opens.
    older = house.json("user", "link", "bent")["code"]
    newer = house.json("user", "link", "bent")["code"]
    assert Browser(house).ask("POST", "/console/session", {"code": older}).status == 401
    assert Browser(house).ask("POST", "/console/session", {"code": newer}).status == 200
    assert Browser(house).ask("POST", "/console/session",
                              {"user": "bent", "password": "x" * 12}).status == 401


def test_who_is_revoked_is_out_at_once(house):
    anna, other = user(house, "anna", "clerk"), Browser(house)
    anna.sign_in("anna", PASSWORD)
    other.sign_in("anna", PASSWORD)
    code = house.json("user", "link", "anna")["code"]
    # Another password ends both, and the link.
    new = "en anden adgangskode"
    house.region.stafet("user", "password", "anna", "--socket", house.socket,
                        stdin=new.encode() + b"\n")
    for browser in (anna, other):
        assert browser.ask("GET", "/api/v1/directory").status == 401
        assert browser.ask("GET", "/console/session").status == 401
    assert anna.ask("POST", "/console/session", {"code": code}).status == 401
    assert anna.ask("POST", "/console/session", {"user": "anna", "password": PASSWORD}).status == 401
    anna.sign_in("anna", new)
    assert anna.ask("GET", "/api/v1/directory").status == 200
    house.stafet("user", "revoke", "anna")
    assert anna.ask("GET", "/api/v1/directory").status == 401
    assert anna.ask("POST", "/console/session", {"user": "anna", "password": new}).status == 401
    assert house.json("user", "list")["users"] == []
    # The name stands in the access log: it is nobody else's.
    house.stafet("user", "create", "anna", "--role", "clerk", "--no-password", code=5)


def test_unusable_people_are_not_made(house):
    for arguments in (["Anna"], ["a b"], ["a" * 41], ["anna", "--role", "system-in"],
                      ["anna", "--role", "boss"]):
        name, *more = arguments
        house.stafet("user", "create", name, *(more or ["--role", "clerk"]), "--no-password", code=2)
    for password in ("", "short", "a" * 300, "aaaaaaaaaaaaaaaa", "anna-anna-anna"):
        house.region.stafet("user", "create", "anna-anna-anna", "--role", "clerk", "--socket",
                            house.socket, code=2, stdin=password.encode() + b"\n")
    assert house.json("user", "list", "--all")["users"] == []
    anyone = bearer(house, "all", *ROLES)
    assert anyone.ask("POST", "/console/session", {"user": "all", "password": "x" * 12}).status == 401


def believe(party, **keys):
    """A proxy at this machine says who asks, from the next start on."""
    said = {"user": "X-Stafet-User", "roles": "X-Stafet-Roles", "from": "127.0.0.1", **keys}
    with party.config.open("a") as config:
        config.write("trusted-header { " + " ".join(
            f"{key} = {value if isinstance(value, int) else json.dumps(value)}"
            for key, value in said.items()) + " }\n")
    return party.restart()


def test_a_proxy_says_who_asks(house):
    anna = user(house, "anna", "clerk")
    proxy = Browser(house)
    said = {"X_Stafet_User": "Anna@region.dk", "X_Stafet_Roles": "auditor;APP-42, system-in"}
    # Off: what the fields say is nothing.
    assert proxy.ask("GET", "/api/v1/access-log", **said).status == 401
    believe(house)
    session = proxy.ask("GET", "/console/session", **said).json()
    assert (session["user"], session["roles"]) == ("Anna@region.dk", ["auditor"])
    assert session["expires"] is None
    assert proxy.ask("GET", "/api/v1/access-log", **said).status == 200
    assert proxy.ask("GET", "/api/v1/board", **said).status == 403
    assert proxy.ask("GET", "/api/v1/access-log").status == 401
    # A browser stands behind the proxy: other sites make it ask for nothing.
    for strange in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert proxy.ask("GET", "/api/v1/access-log", **said, **strange).status == 403
    assert proxy.ask("POST", "/console/session/renew", **said).status == 403
    assert proxy.ask("POST", "/console/session/renew", Stafet_CSRF=session["csrf"],
                     **said).status == 200
    assert proxy.ask("POST", "/console/session/renew", Stafet_CSRF=session["csrf"],
                     **{**said, "X_Stafet_User": "bent"}).status == 403
    # Who is named twice, or is no name, is nobody; and nobody signs in beside it.
    for wrong in ({"X_Stafet_User": "a b"}, {"X_Stafet_User": ""}, {"X_Stafet_User": "a" * 65}):
        assert proxy.ask("GET", "/api/v1/access-log", **{**said, **wrong}).status == 403
    twice = http.client.HTTPConnection("127.0.0.1", house.web_port, timeout=20)
    twice.putrequest("GET", "/api/v1/access-log")
    for name, value in (("X-Stafet-User", "anna"), ("x-stafet-user", "bent"),
                        ("X-Stafet-Roles", "auditor")):
        twice.putheader(name, value)
    twice.endheaders()
    assert twice.getresponse().status == 400
    twice.close()
    assert anna.ask("POST", "/console/session", {"user": "anna", "password": PASSWORD}).status == 403


def test_a_proxy_that_stands_elsewhere_is_nobody(house):
    """Only the address that is written down is believed: from others even a good token is refused."""
    believe(house, **{"from": "127.0.0.9", "passwords": 1})
    said = {"X_Stafet_User": "anna", "X_Stafet_Roles": "auditor"}
    assert Browser(house).ask("GET", "/api/v1/access-log", **said).status == 403
    assert Browser(house).ask("GET", "/console/session", **said).status == 403
    token = bearer(house, "audit", "auditor")
    assert token.ask("GET", "/api/v1/access-log", **said).status == 403
    assert token.ask("GET", "/api/v1/access-log").status == 200
    # Both ways in, because the configuration says so.
    user(house, "anna", "clerk").sign_in("anna", PASSWORD)


def test_over_tls(region):
    """The cookie goes back over TLS alone, to this host alone; a proxy shows its certificate."""
    authority, party = Authority(region.folder), open_web(region.coordinator)
    certificate, key = authority.sign("server", "serverAuth")
    party.config.write_text(party.config.read_text().replace(
        f'"127.0.0.1:{party.web_port}" }}',
        f'"127.0.0.1:{party.web_port}" certificate = "{certificate}" key = "{key}" '
        f'client-authority = "{authority.certificate}" }}'))
    believe(party, **{"from": "certificate", "passwords": 1})
    user(party, "anna", "auditor")
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.load_cert_chain(*authority.sign("proxy", "clientAuth"))

    def ask(method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPSConnection("127.0.0.1", party.web_port, timeout=20,
                                                 context=context)
        connection.request(method, path, body and json.dumps(body),
                           {"Content-Type": "application/json", **sent})
        answer = connection.getresponse()
        told = (answer.status, answer.getheader("Set-Cookie") or "", answer.read())
        connection.close()
        return told

    who = {"user": "anna", "password": PASSWORD}
    here = f"127.0.0.1:{party.web_port}"
    assert ask("POST", "/console/session", who, Origin=f"http://{here}")[0] == 403
    status, cookie, _ = ask("POST", "/console/session", who, Origin=f"https://{here}")
    assert status == 200
    assert cookie.startswith(f"__Host-stafet-{party.web_port}=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} == set(cookie.split("; ")[1:])
    pair = cookie.split(";")[0]
    assert ask("GET", "/api/v1/access-log", Cookie=pair)[0] == 200
    # Of another port, or without the prefix that a browser gives to no page without TLS: nothing.
    assert ask("GET", "/api/v1/access-log", Cookie=pair.removeprefix("__Host-"))[0] == 401
    assert ask("GET", "/api/v1/access-log", X_Stafet_User="bent",
               X_Stafet_Roles="auditor")[0] == 200


def test_events_follow_a_session(house):
    """A page follows what happens with its cookie; that alone keeps nobody signed in."""
    anna = user(house, "anna", "operator")
    anna.sign_in("anna", PASSWORD)
    for headers, status in (({"Cookie": f"stafet-{house.web_port}={anna.secret()}"}, 200), ({}, 401)):
        connection = http.client.HTTPConnection("127.0.0.1", house.web_port, timeout=20)
        connection.request("GET", "/api/v1/events", headers={"Last-Event-ID": "0", **headers})
        answer = connection.getresponse()
        assert answer.status == status
        if status == 200:
            assert answer.getheader("Content-Type").startswith("text/event-stream")
            assert answer.readline()
        connection.close()
