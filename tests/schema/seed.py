"""Fills a new node with people and cases, and says what each operation can be asked so that it succeeds.

The cases are walked to where they stand through the API itself: an incident to verify, one to grade, a
disposal plan that waits for its approval. The result is a table from operation id to a request which the
node must accept as things stand, with the ids of real things.
"""

from datetime import UTC, datetime, timedelta

# The plan that ships, which is in force on a new node.
PLAN = "jincheng-internet-2008"
# Stand in a body for the present instant, and for the code that an authenticator shows at that instant.
NOW, CODE = "@now", "@code"
# A second factor's secret as the API writes it: 20 bytes in base64 without padding.
TOTP_SECRET = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA"
PASSWORD = "correct horse battery staple"

# System roles by sign-in name. The officer sends most of what is tried and may do most; the others are
# there because two steps of one thing belong to two persons.
PEOPLE = {
    "admin": ["administrator"],
    "officer": ["duty-officer", "commander", "handler"],
    "wang": ["duty-officer"],
    "li": ["commander"],
    "zhao": ["handler"],
    "analyst": ["analyst"],
    "auditor": ["auditor"],
}

# Every body of the plan that may act in the walks below.
BODIES = [
    "duty-officer", "unit-duty-officer", "technician", "unit-security-lead", "city-government", "coordination-group", "security-office", "security-office-duty-room", "unit",
    "responsible-unit", "local-government", "linkage-centre", "news-office", "working-bodies",
    "cyberspace-office", "region-or-department",
]
SECOND_PLAN = {"plan": "jincheng-egov-2008", "reason": "政务网站同属两个预案"}
START = {"step": {"kind": "start", "level": "IV", "range": "市一中"}, "grounds": "攻击持续"}
TOPICS = dict.fromkeys(("cause", "nature", "impact", "responsibility", "lessons", "reconstruction"), "已查明")
CHOICE = {"options": {"review-and-filing-days": "sixty-days"}, "reason": "市政府函〔2026〕3 号"}
RECEIPT = {"at": NOW, "reference": "收文〔2026〕12 号"}
SUMMED_UP = {"pass": True, "remarks": "另两类检验方无人值守"}
PLAYBOOK = {"playbook": "website-tampering", "what": "门户网站", "found_at": NOW}
STEP = {"step": "tell-lead", "at": NOW, "result": "已办理"}
REPORTS = ("tell-lead", "report-police", "report-office")
ORDER = {"rule": "early-disposal", "to": {"kind": "body", "body": "working-bodies"}, "what": "封堵来源地址"}
REPORT = {
    "kind": "first", "form": "written", "of": "unit", "to": "security-office-duty-room", "at": NOW,
    "spoke": "赵六对王五", "means": "传真", "text": "暴力破解，已封堵",
}
BYTES = "application/octet-stream"
LINES = b"Failed password for root from 203.0.113.9 port 22 ssh2\n" * 3


def seed(node):
    """Fills the node; returns tokens by the name of their person, and requests by operation id."""
    people = {name: person(node, name) for name in PEOPLE}
    cases = Cases(node, {name: token for name, (_, token) in people.items()})
    requests = (
        events(cases) | assessing(cases) | responding(cases) | disposing(cases)
        | recording(cases) | publishing(cases) | closing(cases)
        | reading(cases) | system(cases) | own(node, people["analyst"][0]) | accounts(node, cases)
        | indicators(cases) | resources(cases)
        | duties(cases)
    )
    return {"tokens": cases.tokens, "requests": requests}


def person(node, name):
    """Makes an account that speaks for every body of the plan; returns its one-time link and a token."""
    roles = [word for role in PEOPLE[name] for word in ("--role", role)]
    bodies = [word for body in BODIES for word in ("--body", body)]
    link = node.administer("user", "create", name, "--display", name, *roles, *bodies)
    return link, node.administer("token", "create", "--account", name, "--name", "tests/schema")


class Cases:
    """Makes events and incidents, each as far on its way as is asked for."""

    def __init__(self, node, tokens):
        self.node, self.tokens = node, tokens

    def event(self, **words):
        """Records an event; returns it."""
        body = {"title": "SSH 暴力破解", "source": "monitoring", "sender": "预警系统", "unit": "市一中"}
        return self.node.ask(self.tokens["wang"], "POST", "/api/v1/events", body | words)

    def judged_event(self, **finding):
        """An event with a judgement other than an incident; returns its id."""
        event = self.event()["id"]
        self.node.ask(self.tokens["wang"], "POST", f"/api/v1/events/{event}/triage", finding)
        return event

    def judged(self, **under):
        """An incident that nobody has verified; returns its id."""
        event = self.event()["id"]
        finding = {"outcome": "incident", "category": "attack", "level": "IV"} | under
        answer = self.node.ask(self.tokens["wang"], "POST", f"/api/v1/events/{event}/triage", finding)
        return answer["incident"]

    def act(self, incident, command, body, by="wang"):
        """Gives a command to an incident, which must be accepted; returns the incident as it stands."""
        path = f"/api/v1/incidents/{incident}/{command}"
        return self.node.ask(self.tokens[by], "POST", path, present(body))

    def analysing(self):
        incident = self.judged()
        self.act(incident, "verify", {"basis": "与威胁库比对，属实"})
        return incident

    def graded(self, level="IV"):
        incident = self.analysing()
        self.act(incident, "grading", {"level": level, "reason": "值班长判断"})
        return incident

    def responding(self):
        incident = self.graded()
        self.act(incident, "response/decide", START | {"approve": True}, by="li")
        return incident

    def ended(self):
        incident = self.responding()
        for condition in ("back-to-normal", "derived-events-gone", "hazard-removed"):
            self.act(incident, "conditions", {"condition": condition, "holds": True, "basis": "现场确认"})
        end = {"step": {"kind": "end"}, "approve": True, "grounds": "恢复正常"}
        self.act(incident, "response/decide", end, by="li")
        return incident

    def reviewed(self):
        incident = self.ended()
        self.act(incident, "review", {"topics": TOPICS}, by="li")
        return incident

    def filed(self):
        incident = self.reviewed()
        self.act(incident, "filing", {"summary": "过程与结果"}, by="li")
        return incident

    def receipted(self):
        incident = self.filed()
        self.act(incident, "filing/receipt", RECEIPT)
        return incident

    def disposal(self, stage):
        """A disposal plan of a graded incident: `drafted`, `checked`, `verified` or `approved`."""
        incident = self.graded()
        drafted = self.act(incident, "disposals", {"steps": [{"text": "断网"}, {"text": "重装"}]}, by="zhao")
        plan = drafted["disposals"][0]["id"]
        if stage != "drafted":
            self.act(incident, f"disposals/{plan}/verify", {"finding": "pass"})
        if stage in ("verified", "approved"):
            self.act(incident, f"disposals/{plan}/summing-up", SUMMED_UP)
        if stage == "approved":
            self.act(incident, f"disposals/{plan}/decide", {"verdict": "approve"}, by="li")
        return {"id": incident, "disposal": plan}

    def order(self):
        """An order that nobody has answered."""
        incident = self.graded()
        given = self.act(incident, "orders", ORDER)
        return {"id": incident, "order": given["orders"][0]["id"]}

    def pinned(self):
        """An incident with a past case pinned to it."""
        incident, self.past = self.graded(), self.judged()
        self.act(incident, "pins", pin(self.past))
        return {"id": incident}

    def attached(self):
        """An incident that a second plan governs too."""
        incident = self.judged()
        self.act(incident, "plans", SECOND_PLAN)
        return {"id": incident}

    def playbook(self, *reported):
        """A playbook on a defaced website, with these steps done."""
        incident = self.judged(plan="jincheng-egov-2008")
        run = self.act(incident, "playbooks", PLAYBOOK)["playbooks"][0]["id"]
        for step in reported:
            self.act(incident, f"playbooks/{run}/steps", STEP | {"step": step})
        return {"id": incident, "run": run}

    def outbreak(self):
        """A playbook against a virus that waits for its question."""
        incident = self.judged(plan="jincheng-egov-2008")
        self.act(incident, "facts", {"answers": {"asset_kind": {"value": "website"}}})
        run = self.act(incident, "playbooks", PLAYBOOK | {"playbook": "virus-outbreak"})["playbooks"][0]["id"]
        for step in ("disconnect", "back-up", "disinfect"):
            self.act(incident, f"playbooks/{run}/steps", STEP | {"step": step})
        return {"id": incident, "run": run}

    def grant(self):
        """An operating permission that is in force."""
        incident = self.graded()
        given = self.act(incident, "grants", grant())
        return {"id": incident, "grant": given["grants"][0]["id"]}

    def publication(self, stage):
        """A text for the public, `drafted` or `approved`, of an incident that touches the public."""
        incident = self.graded()
        self.act(incident, "facts", {"answers": {"social_impact": {"value": True, "reason": "媒体报道"}}})
        words = {"rule": "public-information", "text": "有关情况"}
        text = self.act(incident, "publications", words)["publications"][0]["id"]
        if stage == "approved":
            self.act(incident, f"publications/{text}/approve", {}, by="li")
        return {"id": incident, "publication": text}


def pin(incident):
    """A past case to be pinned."""
    return {"what": {"kind": "incident", "incident": incident}, "note": "同类事件"}


def grant():
    """An operating permission for an hour."""
    words = {"to": "handling-team", "what": "网络设备管理", "asset": "核心交换机", "reason": "重启"}
    return words | {"until": ahead(hours=1)}


def ahead(**words):
    """The instant that lies so far ahead."""
    return (datetime.now(UTC) + timedelta(**words)).isoformat().replace("+00:00", "Z")


def present(value):
    """The value with the present instant where it is to stand."""
    if isinstance(value, dict):
        return {key: present(item) for key, item in value.items()}
    return datetime.now(UTC).isoformat().replace("+00:00", "Z") if value == NOW else value


def request(path=None, body=None, query=None, by="officer", kind="application/json"):
    """One row of the table."""
    return {"by": by, "path": path or {}, "query": query or {}, "body": body, "kind": kind}


def events(cases):
    handed_on = {"outcome": "not_ours", "body": "市公安局", "person": "孙七", "passed_on": "全部日志"}
    false_alarm = {"outcome": "false_positive", "reason": "扫描器", "done": "加白名单"}
    told = cases.event(reporter="张三 139", points={"losses": "无"})["id"]
    incident = {
        "outcome": "incident", "category": "attack", "level": "IV", "title": "暴力破解",
        "answers": {"spread": "none", "vital_system": False}, "parent": cases.judged(), "beside": ["jincheng-egov-2008"],
    }
    words = {
        "title": "SSH 暴力破解", "source": "circular", "sender": "市局", "unit": "市一中", "occurred_at": NOW,
        "points": {"losses": "无"}, "lines": [{"text": "Failed password for root", "line": 7}],
    }
    return {
        "event_list": request(query={"state": "new", "limit": 2}),
        "event_record": request(body=words),
        "event_get": request({"id": told}),
        "event_amend": request({"id": told}, {"asset": "web-02", "points": {"impact": "小"}}),
        "event_timeline": request({"id": told}),
        "event_triage": request({"id": cases.event()["id"]}, incident),
        "event_reopen": request({"id": cases.judged_event(**false_alarm)}, {"reason": "退回"}),
        "event_receipt": request({"id": cases.judged_event(**handed_on)}, {"receipt": "孙七 11:20"}),
        "event_reporter": request({"id": told}, {"reason": "回访"}),
    }


def assessing(cases):
    facts = {"answers": {"vital_system": {"value": False}, "spread": {"value": "none"}}}
    ended = cases.ended()
    clocks = cases.act(ended, "notes", {"text": "机房 3 号柜"})["clocks"]
    review = next(clock["id"] for clock in clocks if clock["rule"] == "review")
    extend = {"until": ahead(days=90), "reason": "等待鉴定"}
    aware = {"body": "local-government", "at": NOW}
    return {
        "incident_verify": request({"id": cases.judged()}, {"basis": "与威胁库比对，属实"}),
        "incident_facts": request({"id": cases.analysing()}, facts),
        "incident_category": request({"id": cases.judged()}, {"category": "fault"}),
        "incident_analysis": request({"id": cases.analysing()}, {"points": {"severity": "低"}}),
        "incident_grading": request({"id": cases.analysing()}, {"level": "III", "reason": "拿不准时从高"}),
        "incident_awareness": request({"id": cases.judged()}, aware),
        "incident_occurrence": request({"id": cases.judged()}, {"at": NOW}),
        "incident_clock_extend": request({"id": ended, "clock": review}, extend),
        "incident_withdraw": request({"id": cases.judged()}, {"reason": "误报"}),
    }


def responding(cases):
    tick = {"condition": "hazard-removed", "holds": True, "basis": "现场确认"}
    form = {"form": True, "grounds": "影响面大"}
    return {
        "incident_response_propose": request({"id": cases.graded()}, START),
        "incident_response_decide": request({"id": cases.graded()}, START | {"approve": True}),
        "incident_headquarters": request({"id": cases.graded("II")}, form),
        "incident_condition": request({"id": cases.responding()}, tick),
    }


def disposing(cases):
    draft = {"steps": [{"text": "断网"}, {"text": "重装", "needs": "管理员"}], "rollback": "恢复快照"}
    done = {"step": 0, "at": NOW, "result": "完成"}
    return {
        "incident_disposal_draft": request({"id": cases.graded()}, draft),
        "incident_disposal_verify": request(cases.disposal("drafted"), {"finding": "pass"}),
        "incident_disposal_summing_up": request(cases.disposal("checked"), SUMMED_UP),
        "incident_disposal_decide": request(cases.disposal("verified"), {"verdict": "approve"}),
        "incident_disposal_step": request(cases.disposal("approved"), done),
        "incident_order": request({"id": cases.graded()}, ORDER),
        "incident_order_acknowledge": request(cases.order(), {"at": NOW, "spoke": "陈工，电话"}),
        "incident_order_report": request(cases.order(), {"outcome": "done", "at": NOW, "text": "已封堵"}),
        "incident_order_withdraw": request(cases.order(), {"reason": "重复"}),
        "incident_playbook_start": request({"id": cases.judged(plan="jincheng-egov-2008")}, PLAYBOOK),
        "incident_playbook_step": request(cases.playbook(), STEP),
        "incident_playbook_answer": request(
            cases.outbreak(), {"step": "under-control", "branch": "cleared", "at": NOW, "grounds": "已清除"}
        ),
        "incident_playbook_gate": request(
            cases.playbook(), {"step": "clean", "at": NOW, "text": "样本已提取", "spoke": "王警官，电话"}
        ),
        "incident_playbook_waive": request(cases.playbook(), {"step": "clean", "reason": "答复不到场"}),
        "incident_playbook_skip": request(cases.playbook(*REPORTS), {"step": "support", "reason": "不需要"}),
        "incident_playbook_swap": request(
            cases.playbook(), {"step": "disconnect", "before": "tell-lead", "reason": "正在扩散"}
        ),
        "incident_playbook_stop": request(cases.playbook(), {"reason": "误判"}),
        "incident_grant": request({"id": cases.graded()}, grant()),
        "incident_pin": request({"id": cases.graded()}, pin(cases.judged())),
        "incident_unpin": request(cases.pinned(), {"what": pin(cases.past)["what"]}),
        "incident_plan": request({"id": cases.judged()}),
        "incident_plan_attach": request({"id": cases.judged()}, SECOND_PLAN),
        "incident_plan_detach": request(cases.attached(), SECOND_PLAN),
        "incident_grant_withdraw": request(cases.grant(), {"reason": "不再需要"}),
    }


def recording(cases):
    case = cases.judged()
    reported = cases.act(case, "reports", REPORT)["reports"][0]["id"]
    path = f"/api/v1/incidents/{case}/evidence?name=auth.log"
    added = cases.node.ask(cases.tokens["wang"], "POST", path, LINES, BYTES)
    evidence = {"id": case, "evidence": added["evidence"][0]["id"]}
    cases.act(case, "people", {"role": "expert-group", "person": "钱教授"})
    action = {"action": "block-address", "at": NOW, "note": "封堵 203.0.113.9"}
    return {
        "incident_report": request({"id": case}, REPORT),
        "incident_report_receipt": request({"id": case, "report": reported}, RECEIPT),
        "incident_action": request({"id": case}, action),
        "incident_evidence_add": request({"id": case}, "bytes", {"name": "auth.log"}, kind=BYTES),
        "incident_evidence_get": request(evidence),
        "incident_evidence_handover": request(evidence, {"holder": "市局", "why": "鉴定"}),
        "incident_person_assign": request({"id": case}, {"role": "liaison-team", "person": "孙七"}),
        "incident_person_relieve": request({"id": case}, {"role": "expert-group", "person": "钱教授"}),
        "incident_derived": request({"id": case}, {"incident": cases.judged()}),
        "incident_note": request({"id": case}, {"text": "机房 3 号柜"}),
    }


def publishing(cases):
    briefing = {"rule": "briefing-all-units", "text": "简报"}
    return {
        "incident_publication_draft": request({"id": cases.graded()}, briefing),
        "incident_publication_approve": request(cases.publication("drafted")),
        "incident_publication_release": request(cases.publication("approved")),
    }


def closing(cases):
    return {
        "incident_review_draft": request({"id": cases.ended()}, {"topics": {"cause": "弱口令"}}),
        "incident_review": request({"id": cases.ended()}, {"topics": TOPICS}),
        "incident_filing": request({"id": cases.reviewed()}, {"summary": "过程与结果"}),
        "incident_filing_receipt": request({"id": cases.filed()}, RECEIPT),
        "incident_archive": request({"id": cases.receipted()}),
    }


def reading(cases):
    case = cases.responding()
    return {
        "desk": request(),
        "search": request(query={"q": "勒索"}),
        "clock_list": request(query={"limit": 2}),
        "incident_list": request(query={"phase": "judged", "level": "IV"}),
        "incident_get": request({"id": case}),
        "incident_timeline": request({"id": case}, query={"limit": 2}),
        "plan_list": request(),
        "plan_get": request({"id": PLAN}),
        "plan_coverage": request({"id": PLAN}, query={"lang": "en"}),
        "plan_text": request({"id": PLAN}, query={"lang": "en"}),
        "changes": request(),
    }


def system(cases):
    return {
        "healthz": request(),
        "readyz": request(),
        "checkpoint": request(),
        "metrics": request(by="auditor"),
        "logs_take": request(body=LINES.decode(), query={"format": "text"}, kind="text/plain"),
    }


def own(node, link):
    node.choose_password(link, PASSWORD)
    change = {"old": PASSWORD, "new": PASSWORD + "!"}
    return {
        "me": request(by="analyst"),
        "password_change": request(body=change, by="analyst"),
        "totp_begin": request(by="analyst"),
        "totp_confirm": request(body={"secret": TOTP_SECRET, "code": CODE}, by="analyst"),
    }


def accounts(node, cases):
    def account(name):
        words = {"name": name, "display": "赵六", "roles": ["handler"]}
        made = node.ask(cases.tokens["admin"], "POST", "/api/v1/accounts", words)
        return {"id": made["account"]["id"]}

    token = node.ask(cases.tokens["admin"], "POST", "/api/v1/tokens",
                     {"name": "probe", "role": "analyst", "days": 1})
    new = {"name": "sun", "display": "孙七", "roles": ["handler"], "bodies": ["unit"]}
    words = {"display": "赵六", "roles": ["handler", "analyst"], "bodies": []}
    return {
        "plan_choose": request({"id": PLAN}, CHOICE, by="admin"),
        "account_list": request(by="admin"),
        "account_create": request(body=new, by="admin"),
        "account_get": request(account("read"), by="admin"),
        "account_change": request(account("changed"), words, by="admin"),
        "account_disable": request(account("disabled"), {"reason": "调离"}, by="admin"),
        "account_enable": request(account("enabled"), by="admin"),
        "account_reset": request(account("reset"), {"with_totp": True}, by="admin"),
        "token_list": request(by="admin"),
        "token_create": request(body={"name": "probe", "role": "auditor", "days": 1}, by="admin"),
        "token_revoke": request({"id": token["about"]["id"]}, {"reason": "到期"}, by="admin"),
    }


def indicators(cases):
    def imported(name):
        path = f"/api/v1/indicator-lists?name={name}&format=list"
        made = cases.node.ask(cases.tokens["wang"], "POST", path, b"203.0.113.9\n", BYTES)
        return {"id": made["list"]["id"]}

    named = {"name": "probe", "format": "list"}
    return {
        "indicator_list_list": request(),
        "indicator_list_get": request(imported("read")),
        "indicator_list_import": request(body="192.0.2.1", query=named, kind=BYTES),
        "indicator_list_retire": request(imported("retired"), {"reason": "过期"}),
        "sighting_list": request(),
        "source_list": request(),
    }


def duties(cases):
    exercise = {"scenario": "勒索病毒", "participants": "12 人", "findings": "电话簿过期"}
    document = {"title": "演练总结", "place": "档案室", "sha256": "ab" * 32}
    said = {"kind": "done", "proof": exercise, "document": document}
    entry = {"duty": "plan-exercise", "at": NOW, "said": said}
    year = datetime.now(UTC).year
    soft = {"duty": "plan-evaluation", "day": f"{year}-06-01"}
    ask = soft | {"until": f"{year + 1}-02-28", "reason": "机构调整"}
    units = iter(range(1, 100))

    def book():
        words = {"plan": "national-2017", "unit": f"第 {next(units)} 单位", "from": f"{year}-01-01"}
        return {"id": cases.node.ask(cases.tokens["wang"], "POST", "/api/v1/duty-books", words)["id"]}

    def asked():
        made = book()
        cases.node.ask(cases.tokens["li"], "POST", f"/api/v1/duty-books/{made['id']}/extensions", ask)
        return made

    def recorded():
        path = f"/api/v1/duty-books/{book()['id']}/records"
        return {"id": cases.node.ask(cases.tokens["wang"], "POST", path, present(entry))["id"]}

    receipt = {"body": "cyberspace-office", "at": NOW, "reference": "收文 7"}
    opening = {"plan": "national-2017", "unit": "市水务局", "from": f"{year}-01-01"}
    return {
        "duty_book_list": request(query={"plan": "national-2017", "closed": "false"}),
        "duty_book_open": request(body=opening),
        "duty_book_get": request(book()),
        "duty_book_timeline": request(book(), query={"limit": 2}),
        "duty_book_rhythm": request(book(), {"duty": "training", "every": "quarter", "reason": "新进人员"}),
        "duty_book_extend": request(book(), ask),
        "duty_book_decide": request(asked(), soft | {"grant": True, "reason": "属实"}),
        "duty_book_close": request(book(), {"reason": "单位撤销"}),
        "duty_book_table": request(book(), query={"year": year}),
        "duty_record_list": request(book(), query={"duty": "plan-exercise", "limit": 2}),
        "duty_record_enter": request(book(), entry),
        "duty_record_get": request(recorded()),
        "duty_record_correct": request(recorded(), {"at": NOW, "said": said, "reason": "写错"}),
        "duty_record_receipt": request(recorded(), receipt),
        "duty_record_withdraw": request(recorded(), {"reason": "重复"}),
    }


def resources(cases):
    def added(**words):
        body = {"kind": "expert", "title": "病毒分析专家", "holder": "市公安局", "fields": ["information_security"],
                "contact": "张三 139"}
        return {"id": cases.node.ask(cases.tokens["wang"], "POST", "/api/v1/resources", body | words)["id"]}

    words = {
        "kind": "security_device", "title": "备用防火墙", "description": "可替换出口防火墙", "place": "3 号柜",
        "quantity": {"count": 2, "unit": "台"}, "model": "NGFW-200", "categories": [f"{PLAN}/attack"],
        "keywords": ["防火墙"], "holder": "市信息中心", "contact": "李四 138", "standing": "available",
    }
    amended = {"rank": "市级", "fields": ["network"], "categories": [f"{PLAN}/attack"]}
    table = "kind,title,holder\nmaterial,应急通信车,市局\n"
    return {
        "resource_list": request(query={"kind": "expert", "text": "病毒"}),
        "resource_add": request(body=words),
        "resource_import": request(body=table, kind=BYTES),
        "resource_get": request(added()),
        "resource_amend": request(added(), amended),
        "resource_timeline": request(added(), query={"limit": 2}),
        "resource_standing": request(added(), {"standing": "in_use", "note": "在市一中"}),
        "resource_retire": request(added(), {"reason": "调离"}),
        "resource_contact": request(added(), {"reason": "召集专家"}),
        "incident_offers": request({"id": cases.judged()}, query={"kind": "expert", "limit": 5}),
    }
