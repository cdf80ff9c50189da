"""Who may ask what, written down by hand from what the roles are for (stafet(1), token create), and not made of
the program's own table: system-in hands in, system-out fetches what came, a clerk answers without reading
letters, a clinician reads letters and answers, an auditor looks and changes nothing, an operator keeps it
running and reads of no patient. A route without a line here fails roles_test.py."""

ROLES = ("system-in", "system-out", "clerk", "clinician", "auditor", "operator")
PEOPLE = ROLES[2:]

# Columns: system-In, system-Out, clerK, Clinician, Auditor, Operator (p). "open": whoever comes; "door": a
# browser at its door, which door_test.py tries. Where: node, coordinator or both.
TABLE = """
open    both         GET     /
open    both         GET     /console/
open    both         GET     /console/{page}
open    both         GET     /console/{page}/{of}
open    both         GET     /console/assets/{file}
open    both         GET     /healthz
open    both         GET     /readyz
open    both         GET     /version
open    node         GET     /fhir/metadata
door    both         GET     /console/session
door    both         POST    /console/session
door    both         POST    /console/session/renew
door    both         DELETE  /console/session

-----p  both         GET     /metrics
----ap  both         GET     /api/v1/status
----ap  both         GET     /api/v1/log
----a-  both         GET     /api/v1/access-log
iokcap  both         GET     /api/v1/directory
iokcap  both         GET     /api/v1/events
----ap  both         GET     /api/v1/indicators
----ap  both         POST    /api/v1/agreements/simulate
--kcap  both         GET     /api/v1/agreements
--kcap  both         GET     /api/v1/agreements/{reference}
--kcap  both         GET     /api/v1/agreements/{reference}/explanation
-----p  node         POST    /api/v1/agreements
-----p  node         POST    /api/v1/agreements/{reference}/accept
-----p  node         POST    /api/v1/agreements/{reference}/end

-okc-p  both         GET     /api/v1/board
-okc-p  both         GET     /api/v1/overdue
-okca-  node         GET     /api/v1/obligations
-okcap  both         GET     /api/v1/transitions
-okca-  both         GET     /api/v1/transitions/{id}
-okca-  both         GET     /api/v1/transitions/{id}/timeline
---ca-  both         GET     /api/v1/transitions/{id}/evidence
io--ap  both         GET     /api/v1/messages/{id}/proof
--kc--  node         GET     /api/v1/transitions/{id}/patient
-----p  node         POST    /api/v1/transitions/{id}/erase

i--c--  node         POST    /api/v1/messages
i--c--  node         POST    /api/v1/notifications
i--c--  node         GET     /api/v1/transitions/{id}/notifications
i--c--  node         POST    /api/v1/transitions/{id}/notifications
i--c--  node         POST    /api/v1/transitions/{id}/letters
i--c--  node         POST    /api/v1/attachments
i--c--  node         GET     /api/v1/attachments/{id}
i--c--  node         PUT     /api/v1/attachments/{id}
i--c--  node         DELETE  /api/v1/attachments/{id}
-okc--  node         GET     /api/v1/inbox
-o-c--  node         GET     /api/v1/messages/{id}
-o-c--  node         GET     /api/v1/messages/{id}/content
-o-c--  node         GET     /api/v1/messages/{id}/attachments/{number}
iokc--  node         GET     /api/v1/messages/{id}/acknowledgement
-okc--  node         POST    /api/v1/messages/{id}/acknowledge
iokc-p  node         GET     /api/v1/outbox
-----p  node         GET     /api/v1/quarantine
i----p  node         POST    /api/v1/messages/{id}/resend
io---p  node         GET     /api/v1/messages/{id}/trace
-----p  node         POST    /api/v1/messages/{id}/replay

--kc--  node         POST    /api/v1/messages/{id}/accept
--kc--  node         POST    /api/v1/messages/{id}/refuse
--kc--  node         POST    /api/v1/messages/{id}/withdraw
--kc--  node         POST    /api/v1/messages/{id}/answers
--kc--  node         POST    /api/v1/transitions/find
--kc--  node         POST    /api/v1/transitions/{id}/offers
--kc--  node         POST    /api/v1/transitions/{id}/parties
--kc--  node         POST    /api/v1/transitions/{id}/plans
--kc--  node         POST    /api/v1/transitions/{id}/plan-answers
--kc--  node         POST    /api/v1/transitions/{id}/intents
--kc--  node         POST    /api/v1/transitions/{id}/assessments
--kc--  node         POST    /api/v1/transitions/{id}/ready
--kc--  node         POST    /api/v1/transitions/{id}/ready-withdrawals
--kc--  node         POST    /api/v1/transitions/{id}/discharge-times
--kc--  node         POST    /api/v1/transitions/{id}/arrivals
--kc--  node         POST    /api/v1/transitions/{id}/obligations
--kc--  node         POST    /api/v1/transitions/{id}/questions
--kc--  node         POST    /api/v1/transitions/{id}/windows
--kc--  node         POST    /api/v1/transitions/{id}/disputes
--kc--  node         POST    /api/v1/transitions/{id}/resolutions
--kc--  node         POST    /api/v1/transitions/{id}/calls
--kc--  node         POST    /api/v1/transitions/{id}/closings
--kc--  node         POST    /api/v1/transitions/{id}/reopenings

-----p  node         GET     /api/v1/channels
-----p  node         GET     /api/v1/channels/{name}
-----p  node         POST    /api/v1/channels/{name}/pause
-----p  node         POST    /api/v1/channels/{name}/resume
-----p  node         POST    /api/v1/channels/{name}/again
-----p  node         GET     /api/v1/aside
-----p  node         GET     /api/v1/hooks
-----p  node         POST    /api/v1/hooks
-----p  node         GET     /api/v1/hooks/{name}
-----p  node         DELETE  /api/v1/hooks/{name}

i-----  node         POST    /fhir/$process-message
-o-c--  node         GET     /fhir/Bundle/{id}
iokc--  node         GET     /fhir/Bundle/{id}/$acknowledgement
-okca-  node         GET     /fhir/Task
-okca-  node         GET     /fhir/Task/{id}
-okca-  node         GET     /fhir/AuditEvent
-okca-  node         GET     /fhir/AuditEvent/{id}
"""


class Permitted:
    """One line: who may ask this, and where it is."""

    def __init__(self, line):
        who, where, self.method, self.path = line.split()
        self.open, self.door = who == "open", who == "door"
        self.roles = () if self.open or self.door else tuple(
            role for role, mark in zip(ROLES, who) if mark != "-")
        self.daemons = ("node", "coordinator") if where == "both" else (where,)


def permitted():
    """By (method, path)."""
    lines = [Permitted(line) for line in TABLE.splitlines() if line]
    table = {(line.method, line.path): line for line in lines}
    assert len(table) == len(lines), "a route stands twice in permitted.py"
    return table
