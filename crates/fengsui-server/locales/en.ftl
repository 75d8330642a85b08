# English words of the console. The keys are those of zh-CN.ftl; tests keep them equal.

## Product and frame

product = Fengsui
skip-to-main = Skip to content
drill = Drill
drill-band = DRILL · DRILL · DRILL: nothing here is real
demo = Demonstration
demo-band = DEMO · 演示: units, people and events are invented
menu = Menu
menu-close = Close menu
nav-label = Main menu
nav-quick = Quick menu
nav-desk = Duty desk
nav-events = Events
nav-incidents = Incidents
nav-sightings = Sightings
nav-indicators = Indicators
nav-plans = Plans
nav-ledger = Ledger
nav-sources = Sources
nav-users = Users
nav-tokens = API tokens
nav-node = Node status
nav-account = My account
sign-out = Sign out
language = Language
theme = Colours
theme-auto = As the device
theme-light = Light
theme-dark = Dark
unit-day = d
live-stale = Connection to the server lost; what you see may be out of date. Reload to check.
live-fresh = Connection restored.
confirm-yes = Yes, go ahead
confirm-no = Go back
tone-good = Done
tone-info = Note
tone-warning = Attention
tone-bad = Failed
keys-title = Keyboard shortcuts
keys-hint = shows the keyboard shortcuts
keys-rows = Next and previous row
keys-search = Go to search
keys-this = Show this list
keys-off-hint = You can switch these off under My account.
close = Close

## Common words

optional = (optional)
colon = { ": " }
provisional = provisional
ungraded = Not graded
to = to
any = All
choose = Choose
yes = Yes
no = No
none = None
not-known = Not known yet
not-recorded = Not recorded yet
not-yet = Not yet
never = Never
save = Save
cancel = Cancel
back = Back
search = Search
filter = Filter
refresh = Refresh
as-of = As of
see-all = See all
details = Details
actions = Actions
state = State
result = Result
reason = Reason
grounds = Grounds
remarks = Remarks
remarks-hint = Required when you return it.
note = Note
title = Title
text = Text
value = Value
time = Time
file = File
file-limit = Up to { $s }.
contents = Contents
count = Count
zone = Time zone
when = When
clause = Clause
proof = Proof
proof-title = See the proof in the ledger
pager = Pages
previous = Previous
next = Next
rows-shown =
    { $n ->
        [one] 1 row
       *[other] { $n } rows
    } shown
rows-of-total = { $n } shown of
since = since
due = Due
started-at = Started
ended-at = Ended
opened = Opened
expires = Expires
last-used = Last used
first-seen = First seen
last-seen = Last seen
history = History
history-none = Nothing has happened yet.
decision = Decision
approve = Approve
refuse = Refuse
return = Return
replaced = replaced
closed = closed
after-end = Starts when the response ends
event = Event
incident = Incident
sightings = Sightings
evidence = Evidence
asset = Asset
indicator = Indicator
source = Source
plan = Plan
phase = Phase
level = Level
role = Role
roles = Roles
category = Category
special = Special circumstance
obliged = Obliged body
duty = Duty
n-sightings =
    { $n ->
        [one] 1 sighting
       *[other] { $n } sightings
    }
n-evidence =
    { $n ->
        [one] 1 evidence line
       *[other] { $n } evidence lines
    }
n-errors =
    { $n ->
        [one] 1 error
       *[other] { $n } errors
    }
n-warnings =
    { $n ->
        [one] 1 warning
       *[other] { $n } warnings
    }
our-default = our default
two-person = two persons
judged-by = Judged by: { $s }
acting-for = ({ $s })
recorded-by = recorded by { $s }
stage-by = May act: { $s }

## Levels, phases, clocks, reports and other domain words

level-1 = Especially major
level-2 = Major
level-3 = Larger
level-4 = General
phase-judged = Judged
phase-analysing = Analysing
phase-graded = Graded
phase-responding = Responding
phase-ended = Ended
phase-reviewed = Reviewed
phase-archived = Archived
step-done = done
step-now = now
step-ahead = ahead
clock-running = running
clock-soon = due soon
clock-overdue = overdue
clock-lapsed = lapsed
clock-met = met in time
clock-met-late = met late
clock-replaced = replaced
clock-extended = extended
clock-unmet = never met
clock-fell-away = fell away
form-oral = oral
form-written = written
report-first = First report
report-follow-up = Follow-up report
report-final = Final report
means-phone = Telephone
means-in-person = In person
means-fax = Fax
means-email = E-mail
means-document = Official document
means-system = Another system
duty-none = no such duty
duty-receipt = receipt missing
event-state-new = Awaiting triage
event-state-incident = Incident
event-state-false-positive = False positive
event-state-not-ours = Handed on
triage-incident = Security incident
incident-plan = Plan
incident-plan-hint = The incident runs under this plan to the end. Choosing another one changes classes and questions; do it first.
category-routed = { $a } (governed by: { $b })
routed-note = Another plan governs this class: { $s }. Here the incident is recorded and handed over; no clock runs and no response starts. Once it was handed over, withdraw it with that reason and judge the event as not ours.
triage-false-positive = False positive
triage-not-ours = Not ours
truth-true = holds
truth-false = does not hold
truth-unknown = not known yet
response-none = Not started
response-proposed = Awaiting decision
response-started = Running
response-end-proposed = End proposed
response-ended = Ended
response-step-start = Start the response
response-step-adjust = Adjust the response
response-step-end = End the response
disposal-draft = Draft
disposal-verify = Verify
disposal-sum-up = Sum up
disposal-approve = Approve
disposal-execute = Execute
disposal-state-drafted = Awaiting verification
disposal-state-verified = Awaiting approval
disposal-state-returned = Returned
disposal-state-approved = Approved, to be executed
disposal-state-executed = Executed
disposal-state-superseded = Superseded
publication-drafted = Awaiting check
publication-approved = Awaiting release
publication-returned = Returned
publication-released = Released
approval-grade = Level
approval-response = Response
approval-disposal = Disposal plan
approval-extension = Extension
approval-publication = Publication
role-administrator = Administrator
role-duty-officer = Duty officer
role-commander = Commander
role-handler = Handler
role-liaison = Liaison
role-analyst = Analyst
role-auditor = Auditor
access-active = Active
access-invited = Invited
access-disabled = Disabled
access-expired = Expired
access-revoked = Revoked
finding-error = Error
finding-warning = Warning
finding-note = Note
health-good = Good
health-degraded = Degraded
health-failing = Failing
health-stopped = Stopped
indicator-domain = Domain
indicator-ip = IP address
indicator-ip-port = Address and port
indicator-url = URL
indicator-hash = File hash

## What just happened

done-event-saved = The event is saved. You can complete it at any time.
done-event-amended = Your additions are saved.
done-triaged = The triage is recorded.
done-verified = Verified. The analysis is open: record the facts, then confirm the level.
done-facts-saved = The facts are recorded and the proposed level was worked out again.
done-analysis-saved = The analysis is saved.
done-category-changed = The category is changed.
done-awareness-corrected = The time is recorded, and clocks that count from it were started anew.
done-occurrence-corrected = The time of occurrence is recorded, and clocks that count from it were started anew.
done-note-saved = The note is recorded.
done-withdrawn = The incident is withdrawn, and its event waits for triage again.
done-level-confirmed = The level is confirmed and its clocks run.
done-report-saved = The report is recorded.
done-receipt-saved = The receipt is recorded.
done-proposed = Your proposal awaits its decision.
done-decided = The decision is recorded.
done-action-saved = The immediate action is recorded.
done-disposal-saved = The disposal plan has moved on.
done-order-saved = The order has moved on.
done-pinned = The references have changed.
done-grant-saved = The operating permission has changed.
done-evidence-saved = The evidence is recorded.
done-role-saved = The roles are updated.
done-derived-saved = The derived incident is linked.
done-publication-saved = The publication has moved on.
done-review-saved = The review is saved.
done-filed = The closing package is filed.
done-archived = The incident is archived.
done-extended = The clock is extended; the old one stays on record.
done-user-saved = The account is updated.
done-token-revoked = The token is revoked.
done-settings-saved = Your settings are saved.
done-session-ended = That device is signed out.
done-signed-out = You are signed out.

## Errors in fields

error-summary = Please correct the following. Everything you entered is kept
problem-required = Enter something here.
problem-choose = Choose one.
problem-too-long = Too long: at most { $n } characters.
problem-too-short = Too short: at least { $n } characters.
problem-not-a-time = Not a date and time, such as 2026-11-22 14:05.
problem-in-future = This time has not come yet. Enter a time in the past.
problem-not-a-number = Enter a whole number, such as 12.
problem-not-a-choice = Not one of the choices. Choose again.
problem-taken = Already taken. Choose another.
problem-wrong-code = Wrong or expired code. Enter the newest six digits.
problem-mismatch = The two passwords differ.
problem-too-large = The file is too large: at most { $n } MB.

## Problem pages

problem-code = Code
request-id = Request id
problem-not-found = Page not found
problem-not-found-why = The address is wrong, the record does not exist, or you may not know whether it does.
problem-not-found-do = Go to the duty desk
problem-forbidden = You may not do this
problem-forbidden-why = None of your roles allows it. The request was recorded. Ask an administrator if you need it.
problem-forbidden-do = Go back
problem-conflict = Somebody else changed this record
problem-conflict-why = It changed after you opened the page. Your change was not saved, and nothing was overwritten.
problem-conflict-do = Open the newest version
problem-form-expired = This form has expired
problem-form-expired-why = The page was open for too long, or you signed in again elsewhere. Nothing was saved.
problem-form-expired-do = Open the page again
problem-tries = Too many tries
problem-tries-why = Sign-in is paused for a few minutes so that passwords cannot be guessed.
problem-tries-do = Back to sign-in
problem-internal = The server failed
problem-internal-why = Your request was not completed and nothing was half saved. The failure is in the server's log.
problem-internal-do = Try again
problem-unavailable = The server cannot answer just now
problem-unavailable-why = It is starting or stopping, or it cannot write to its disk.
problem-unavailable-do = Try again

## Set-up, sign-in, account

setup-intro = Create the administrator and the first duty officer, then the desk is open. This link works once.
setup-admin = Administrator
setup-admin-hint = Runs users, tokens and the node; cannot read cases.
setup-officer = First duty officer
setup-officer-hint = Takes, judges and reports events at the desk.
setup-next = Next: a second factor for the administrator. The duty officer enrols at first sign-in.
setup-submit = Create the accounts
user-name = Sign-in name
user-name-hint = Lower-case letters, digits, dots and hyphens, such as wang.min.
display-name = Name
password = Password
password-hint = At least { $n } characters; a sentence is fine.
password-new = New password
password-again = New password again
password-current = Current password
password-change = Change password
link-intro = Choose a password for { $s }. This link works once.
link-expires = The link works until
link-submit = Set password
totp = Second factor
totp-intro = Scan the code with an authenticator app to enrol a second factor for { $s }.
totp-qr = QR code with the same secret as the text below
totp-secret = If you cannot scan, type this secret
totp-uri = Show the full address
totp-code = Six-digit code
totp-code-hint = The digits your authenticator app shows now.
totp-submit = Enrol
totp-later = Later
totp-on = Enrolled
totp-off = Not enrolled
totp-enrol = Enrol a second factor
totp-renew = Change the device
sign-in = Sign in
sign-in-help = Forgot your password? An administrator can reset it.
account-look = Language and colours
account-look-hint = Kept in this browser.
account-keys-hint = Single keys never fire while you type.
account-keys-on = Switch shortcuts on
account-keys-off = Switch shortcuts off
sessions = Signed-in devices
session-device = Device
session-since = Signed in
session-this = This device
session-end = Sign out
session-unknown = Unknown device

## Duty desk

clocks = Clocks
report-event = Report an event
report-short = Report
desk-mine = Mine due
desk-mine-none = No clock of yours is running.
desk-nobody = Nobody's due
desk-nobody-hint = the obliged body has nobody on duty
desk-all = All others due
desk-calm = All is calm
desk-calm-text = No clock is running. New events and approvals will appear here.
desk-more-clocks =
    { $n ->
        [one] 1 more clock
       *[other] { $n } more clocks
    }
desk-events = Awaiting triage
desk-events-none = No event awaits triage.
desk-more-events =
    { $n ->
        [one] 1 more event
       *[other] { $n } more events
    }
desk-approvals = Awaiting approval
desk-approvals-none = Nothing awaits your approval.

## Events

event-new-intro = Five fields, under a minute. The rest can follow later.
event-title = Title
event-title-hint = One line, such as: home page of the portal defaced.
event-details = What happened
event-details-hint = What was seen, and in what order.
event-source = Source
event-unit = Unit
event-unit-hint = Name of the unit; the asset may follow.
event-aware = When the unit became aware ({ $s })
event-aware-hint = The reporting clocks start here.
event-more = More information (optional)
event-more-hint = Leave empty what is not known; complete it at any time.
event-asset = Asset
event-occurred = Believed time of occurrence ({ $s })
event-traces = Data traces
event-traces-hint = Logs, files, addresses, and where they are kept.
event-losses = Losses
event-impact = Impact
event-control = State of control at the scene
event-reporter = Reporter
event-reporter-hint = Personal data: kept encrypted; every reading goes into the ledger.
event-reporter-name = Name
event-reporter-phone = Telephone
event-save = Save and report
events-none = No events here
events-none-text = Widen the filter, or report a new event.
event-received = Received
event-known = What is known
event-became = It became an incident:
event-amend = Complete or amend
event-amendments = Amendments
event-times = Times
event-occurred-at = Believed occurrence
event-aware-at = Unit became aware
evidence-lines = Evidence lines
evidence-lines-none = No log lines are kept.
evidence-more =
    { $n ->
        [one] 1 more line was
       *[other] { $n } more lines were
    } counted but not kept.
weak-match = weak match
reveal = Show name and number
reveal-hint = Showing them is recorded in the ledger.
triage = Triage
triage-now = Judge it now
triage-again = Judge again
triage-three = Three outcomes, choose one
triage-incident-hint = verified, then analysed and graded
triage-incident-submit = Judge it an incident
triage-false-positive-hint = record the reason and what was done
triage-false-positive-submit = Record as false positive
triage-not-ours-hint = record it and hand it to the competent body
triage-not-ours-submit = Record the hand-over
triage-reason = Why it is a false positive
triage-reason-hint = Used to tune the rules.
triage-done = What was done
triage-history = Triage history
triage-history-none = Not judged yet.
handed-to-body = Handed to (body)
handed-to-person = Handed to (person)
passed-on = What was passed on
handed-receipt = Confirmation of receipt
handed-receipt-hint = A reference or the time of the call; may follow later.
incident-title = Title of the incident
incident-title-hint = Shown everywhere and in reports.
level-provisional = Provisional level
level-provisional-hint = When unsure, take the higher one.
facts = Facts for grading
facts-hint = Leave "not known yet" where you do not know; it is never taken for "no".
fact-reason = Reason

## Incidents

incidents-none = No incidents here
incidents-none-text = Widen the filter; events judged to be incidents appear here.
next-clock = Next clock
phases = Phases
incident-tabs = Parts of the incident
tab-overview = Overview
tab-clocks = Clocks
tab-reports = Reports
tab-response = Response
tab-disposal = Disposal
tab-orders = Orders
tab-playbooks = Playbooks
tab-evidence = Evidence
tab-people = People
tab-closing = Closing
tab-timeline = Timeline
level-why = Level and why
level-proposed = The plan proposes
level-undecided = Facts missing
level-in-force = In force
level-confirms = Confirmed by
level-judge = A person must judge:
rule-decides = decides
flips = One changed fact would make it
verify = Verification
verify-found = What you found
verify-hint = Compare with similar incidents and indicators, and say what follows.
verify-submit = Verified: start the analysis
analysis = Analysis
analysis-write = Write or correct the analysis
analysis-submit = Save the analysis
category-change = Change the category
category-submit = Save the category
withdraw = Withdraw the incident
withdraw-text = If it was judged wrongly. All that is recorded stays, its clocks stop, and the event waits for triage again.
withdraw-submit = Withdraw the incident
awareness = When each body became aware
awareness-hint = Reports count from there. After a correction, clocks with a wrong start are replaced, and both times stay in the ledger.
awareness-assumed = not recorded: taken from the arrival at this desk
occurrence = The event itself
occurrence-unknown = not known: reports count from awareness
occurrence-at = Happened at ({ $s })
awareness-clocks =
    { $n ->
        [one] 1 running clock counts
       *[other] { $n } running clocks count
    } from it
awareness-correct = Correct
awareness-at = Became aware at ({ $s })
awareness-reason = How this is known
awareness-submit = Save the time
note-write = Write a note
note-hint = It cannot be changed once it is in the ledger; write another one instead.
note-submit = Save the note
grade = Confirm the level
grade-level-hint = Another level than proposed is an override and needs a reason.
grade-reason-hint = Required for an override.
grade-submit = Confirm
grades = Grading history
grades-none = No level was confirmed yet.
overridden = overridden
facts-record = Record or correct facts
facts-submit = Save the facts
derived = Derived incidents
derived-none = None.
derived-link = Link a derived incident
derived-hint = Such as JC-2026-0013.
derived-how = How it follows from this one
derived-submit = Link
incident-number = Number of the incident
open-blocks = open: blocks closing
recent = Latest
clocks-open = Open clocks
clocks-none = No clock is running
clocks-none-text = Confirming a level or ending the response starts the clocks that follow.
clocks-past = Past clocks
clocks-past-none = No clock has come to its end.
clock-why = Why, and who is told when
clock-started = Started
clock-within = Within
clock-met-by = Met by
clock-repeats = Owed again once met
clock-rule = Rule
escalations = Escalation
told = told
extend = Extend
extend-until = Until ({ $s })
extend-hint = The old clock stays in the ledger.
extend-submit = Extend
report-grid = Who has reported to whom
report-grid-hint = rows owe, columns receive
report-grid-none = No duty to report yet
report-grid-none-text = Once the level is confirmed, the reports the plan asks for appear here.
report-record = Record a report
report-kind = Kind
report-form = Form
means = Means
report-from = From
report-to = To
report-at = When ({ $s })
spoke-to = Spoke to
spoke-to-hint = For an oral report: name and post.
spoke-to-is = spoke to { $s }
report-text = Text
report-text-hint = Filled in from what is known; check and change it.
report-submit = Record the report
reports-made = Reports made
reports-none = No report was made yet.
met-clocks = met: { $s }
receipt = Receipt
receipt-record = Record the receipt
receipt-at = Received at ({ $s })
receipt-by = Received by
receipt-reference = Reference
receipt-submit = Record the receipt
response = Response
response-level = Response level
response-range = Range
response-range-hint = Such as: the city's e-government extranet.
response-start = Start the response
response-start-submit = Start the response
response-propose = Propose to start the response
response-propose-submit = Submit for decision
response-adjust = Adjust the response
response-adjust-submit = Adjust
response-end = End the response
end-all = All of these must hold, each with its basis.
end-any = Any one of these is enough, with its basis.
end-conditions = Conditions
end-basis = Basis for this
end-submit = Declare the response ended
end-propose = Propose to end the response
pending = Awaiting a decision
decide-reason-hint = Required when you refuse.
decide-submit = Submit the decision
confirm-decide = You decide on a level { $a } response to { $b }. The decision goes into the ledger and cannot be taken back.
confirm-start = Start the response to { $s }. The bodies concerned will be told.
confirm-end = End the response to { $s }. The clocks for review and filing start now.
confirm-approve = Approve version { $a } of the disposal plan of { $b }. It may then be executed.
confirm-archive = Archive { $s }. It cannot be changed afterwards.
confirm-withdraw = Withdraw { $s }. Its clocks stop and its event waits for triage again. This cannot be taken back.
confirm-reset = Make a one-time link for { $s } and remove its second factor.
confirm-disable = Disable { $s } and sign it out everywhere.
confirm-revoke = Revoke the token { $s }. Programs that use it lose access at once.
confirm-remove = Remove the list { $s }. It will match nothing any more.
headquarters = Response headquarters
hq-undecided = Whether to form one must be decided; "no" is recorded with its grounds too.
hq-always = The response at this level always has one: starting it forms the headquarters.
hq-necessary = formed when necessary
hq-question = Form a headquarters?
hq-form = Form it
hq-not = Do not form it
hq-formed = Formed
hq-not-formed = Decided not to form
hq-submit = Record the decision
immediate = Immediate actions
immediate-none = No immediate action is recorded.
immediate-record = Record an immediate action
immediate-hint = The unit may take these at once, without approval.
immediate-which = Action
immediate-what = What exactly
immediate-submit = Record
done-at = When ({ $s })
rights = Who may do what
proposes = Proposes
decides = Decides
is-told = Is told
disposal = Disposal plan
disposal-none = No disposal plan yet
disposal-none-text = The handling team drafts one; it is verified and approved before anybody executes it.
disposal-not-in-plan = This plan has no disposal chain
disposal-not-in-plan-text = It does not say who drafts, verifies and approves a disposal plan. Record what is done as immediate actions, orders and decisions as notes.
disposal-new = Draft a new version
disposal-steps = Steps
disposal-steps-hint = One step a line, with who does it.
disposal-resources = Resources
disposal-resources-hint = One a line; approval gives an order for each.
disposal-risks = Risks
disposal-rollback = How to go back
disposal-save = Submit for verification
disposal-older = Older versions
references = References
references-more = All offers of the emergency database
references-offered = Offered by the emergency database
pin = Pin
pin-note = What it is good for
pin-submit = Pin it
unpin = Take away
separate-people = Draft, verify, approve and execute are for separate people: whoever took part in an earlier stage finds the next one closed, with the reason.
verify-result = Result of the verification
verify-pass = Pass
verify-of = Verified for
verify-for = You verify for { $s }
finding-pass = Pass
finding-fail = Fail
finding-remarks = Remarks only
findings-missing = No finding from: { $s }
sum-up-hint = Say why, if a kind of verifier is missing or one did not pass it.
sum-up-save = Submit
execute-grant = Operating permission used
execute-grant-hint = Needed where the step names one.
grant = Operating permission
orders-by-approval =
    { $n ->
        [one] One order was given with the approval
       *[other] { $n } orders were given with the approval
    }
orders = Orders and tasks
orders-none = No orders yet
orders-none-text = Whoever gets one acknowledges it and reports back. Approving a disposal plan gives its orders by itself.
order-give = Give an order
order-to = Order and addressee
order-what = What is to be done
order-due = Due ({ $s })
order-due-hint = Left empty, the limit of the plan holds.
order-submit = Give the order
order-aftermath = Given once the response has ended; archiving waits for it.
call-expert = Call an expert
expert-field = Field
expert-name = Expert or organisation
call-what = Task
call-submit = Call
order-given-by = Given by
order-due-is = due
order-acknowledge = Acknowledge
order-acknowledged-at = Acknowledged at ({ $s })
order-spoke = Who acknowledged
order-spoke-hint = When you record it for somebody else: who said so, and how.
order-acknowledge-submit = Record it
order-report = Report back
order-outcome = It is
order-report-at = At ({ $s })
order-report-submit = Record it
order-withdraw = Withdraw
order-withdraw-hint = Its clocks stop. Without the order to carry out a plan no step of it can be done.
order-withdraw-submit = Withdraw the order
order-given = Given
order-acknowledged = Acknowledged
order-done = Done
order-not-possible = Not possible
order-withdrawn = Withdrawn
outcome-progress = In progress
outcome-arrived = Arrived
outcome-done = Done
outcome-not-possible = Not possible
grants = Operating permissions
grants-none = None was given.
grant-give = Give an operating permission
grant-to = Body
grant-person = This person only
grant-person-hint = Sign-in name; left empty, anybody of the body may use it.
grant-what = What may be done
grant-asset = On which asset
grant-until = until
grant-until-in = Until ({ $s })
grant-given-by = given by
grant-used =
    { $n ->
        [one] used once
       *[other] used { $n } times
    }
grant-submit = Give it
grant-withdraw = Withdraw
grant-withdraw-submit = Withdraw it
grant-live = In force
grant-expired = Expired
grant-withdrawn = Withdrawn
grant-ended = Ended with the response
verify-save = Submit the result
execute-what = Step carried out
execute-save = Record it
executed = Carried out
evidence-items = Evidence items
evidence-none = No evidence yet
evidence-none-text = A hash is taken on upload, and the chain of custody begins.
evidence-add = Add evidence
evidence-title = What it is
evidence-title-hint = Such as: access log of the web server, 22 November.
evidence-submit = Upload
collected-at = Collected
collected-when = Collected at ({ $s })
custody-steps =
    Chain of custody ({ $n ->
        [one] 1 step
       *[other] { $n } steps
    })
custody-to = Handed to
hand-over = Hand over
hand-over-submit = Record the hand-over
assign = Assign a person
plan-role = Role of the plan
account-who = Person
assign-submit = Assign
plan-roles = Roles of the plan
temporary = temporary
vacant = Vacant
falls-back = { $s } acts instead
release = Release
release-submit = Release
blockers = Before it can be archived
review = Review
review-led = Led by
review-done = Completed
review-save = Save the draft
review-complete = Complete the review
plan-change = Must the plan change?
plan-change-hint = § { $s } asks for an answer.
plan-change-yes = Yes, it must change
plan-change-no = No change needed
plan-change-text = What should change
publications = Publications
publications-none = No text was drafted yet.
publications-not-in-plan = This plan has no publication chain.
publication-draft = Draft a text
publication-rule = Chain
publication-save = Submit for checking
release-text = Release
filing = Filing
filing-who = Who files with whom
filing-not-in-plan = This plan asks for no filing: once reviewed, the incident can be archived.
filed = Filed
filing-each = each gives a receipt
filing-receipt-of = Receipt of
filing-summary = Process and result
filing-summary-hint = Timeline, orders, steps and list of evidence are attached by the system.
filing-submit = File
archive = Archive
archive-text = After review and filing. Nothing can be changed afterwards.
archive-submit = Archive
timeline-none = Nothing here
timeline-none-text = Widen the filter.

## Plans

plans-intro = The emergency plans this node runs; every rule names its clause.
plans-none = No plans
plans-none-text = Plan packs live in the plans folder and are loaded at start.
coverage = Coverage
coverage-intro = Which clause a rule carries that a test ran through the engine, of which duty the software keeps the proof, and what nothing carries. Found from the plan and the test results, never typed in.
coverage-clause = Clause
coverage-carried = Rule and tests, or what is kept
coverage-executable = Executable
coverage-evidence = Evidence
coverage-missing = Missing
coverage-none = The plan lists no clauses
coverage-none-text = A pack without a table of clauses cannot be measured against its document here.
plan-active = In force, the default here
plan-inactive = Not in use
plan-choosable = Can be chosen
issuer = Issuer
document = Document
in-force = In force since
findings = Findings
findings-none = None
findings-none-text = The check found nothing.
fingerprint = Fingerprint
defaults = Our defaults
defaults-text = Where the document is silent or ambiguous, and what we do; each unit may change it.
option-what = What it would change
option-chosen = chosen
option-chosen-by = Last chosen by
option-question = Left open
option-now = Holds now
option-then = Would hold
option-changes = Rules that would change
option-no-changes = Nothing would change: no rule of the pack reads differently with it.
option-choose = Choose it
option-hint = Incidents opened from then on, and the duties outside of incidents, follow the choice; incidents that run keep their version. It is an entry of the ledger and can be taken back in the same way.
option-reason-hint = Who decided so, and where it is written.
option-submit = Choose this
option-in-use = This holds already.
option-administrator = An administrator of the node chooses.
n-options =
    { $n ->
        [one] Another choice
       *[other] { $n } other choices
    }

## Ledger

ledger-intro = Every accepted act is an entry; anyone can prove deletion, edits or back-dating.
ledger-list = List entries
checkpoint = Checkpoint
checkpoint-raw = Raw
ledger-size = Entries
signed-at = Signed
ledger-origin = Origin
ledger-root = Root hash
ledger-verify = Verify it yourself
ledger-verify-text = No trust in this server is needed: an independent verifier checks the whole history.
verifier-key = Verifier key; keep a copy elsewhere
backup = Backup
backup-last = Last backup
backup-none = None was made yet
restore-trial = Trial of restoring
restore-trial-good = it would restore
restore-trial-bad = It would not restore:
restore-trial-none = None yet; a node that makes backups by itself tries one each week
ledger-search = Search people or subjects
entry-kind = Kind
entry-index = Index
entry-by = By
entry-subject = Subject
entry-content = Content
entry-hidden = You may not read this case; its proof can still be checked.
entries-none = No entries here
entries-none-text = Widen the filter.
leaf-hash = Leaf hash
inclusion = Inclusion proof
proof-path =
    Audit path ({ $n ->
        [one] 1 hash
       *[other] { $n } hashes
    })
proof-good = Proof holds
proof-bad = Proof fails
proof-command = Check it yourself:
tree-size = Tree size

## Users and tokens

users-intro = Administrators cannot read cases; every change is in the ledger.
user-new = New user
user-new-hint = A one-time link is shown next, so that they choose their own password.
user-new-submit = Create and show the link
user-edit = Name and roles
user-own = This is your own account: its roles cannot be changed here, nor can it be disabled.
user-reset = Reset sign-in
user-reset-hint = A one-time link for a new password is made and the second factor removed. The old password works until the link is used.
user-reset-submit = Reset and show the link
user-disable = Disable
user-disable-hint = Signed out everywhere at once; the record stays.
user-enable = Enable
bodies = Acts for
bodies-hint = Bodies and posts of the plans.
body-of-plan = { $a } ({ $b })
link-shown = Give this link to { $s } in person:
shown-once = Shown only now. It cannot be seen again after you leave this page.
shown-done = I have passed it on
tokens-intro = For programs, each with one role and an end.
token-new = New token
token-new-submit = Create the token
token-name = Name
token-name-hint = What it is for, such as: log collector.
token-days = Lifetime
token-by = Created by
token-shown = The token { $s }:
tokens-none = No tokens
tokens-none-text = Create one when a program needs access.
revoke = Revoke
revoke-submit = Revoke the token

## Indicators, sightings, sources, node

indicators-total =
    { $n ->
        [one] 1 indicator
       *[other] { $n } indicators
    } in all
indicators-import = Import a list
indicators-submit = Import
indicator-kind = Kind of indicator
list-name = List
list-name-hint = Importing the same name again updates it.
list-format = Format
list-text = Or paste it
list-text-hint = One a line; defanged forms such as hxxp and [.] are fine.
list-kinds = Indicators
lists-none = No lists
lists-none-text = Import one and log lines are matched from then on.
imported = Imported
remove = Remove
remove-submit = Remove the list
import-new = New
import-updated = Updated
import-unchanged = Unchanged
import-rejected = Rejected
rejects = Rejected lines
line-number = Line
reject-why = Why, and what would be right
reject-empty = Empty: write one value.
reject-too-long = Too long: shorten it to host and path.
reject-blanks = It holds blanks: one value a line, a remark after " #", blanks in a URL as %20.
reject-expression = It looks like a pattern, not a value: write the values themselves; patterns belong into a Sigma rule.
reject-path-only = A path without a host: put the host before it, such as host.example/path.
reject-mail = An e-mail address: write the domain after the @ if all of it is bad.
reject-single-label = A name of one label: write at least two, such as name.example.
reject-faulty-name = Not a domain name: labels hold letters, digits, - and _, with single dots between them.
reject-long-label = A label is too long: check that it was copied whole and only once.
reject-long-name = The name is too long: check that it was copied whole and only once.
reject-faulty-address = It ends like an address, but is none: four numbers of 0 to 255 without leading zeros, such as 192.0.2.1.
reject-idna = It holds characters that no domain name may have: write the name in its xn-- form.
reject-domain-port = A domain with a port: write the domain alone, or a URL with the port.
reject-faulty-port = The port is faulty: one port of 1 to 65535 after one address, such as 192.0.2.1:443.
reject-prefix-length = The prefix length is faulty: 1 to 32 for IPv4, 1 to 128 for IPv6, or a netmask, such as 192.0.2.0/24.
reject-every-address = It would match every address: name a smaller network.
reject-faulty-digest = It looks like a digest, but is none: hexadecimal digits only, 32 for MD5, 40 for SHA-1, 64 for SHA-256, 128 for SHA-512.
reject-digest-name = Not as long as the digest it is said to be: 32 digits for MD5, 40 for SHA-1, 64 for SHA-256, 128 for SHA-512.
reject-url-host = A URL without a usable host: write host.example/path or http://host.example/path.
reject-line-too-long = The line is too long: write one value a line.
reject-open-quote = A quote is not closed: close it in the same row; a quote inside is written twice.
reject-no-value = No value in the indicator's column: fill every row with as many columns as the header has.
reject-other-type = Of a type that is not matched: there are domain, ip, cidr, url, ip:port, md5, sha1, sha256 and sha512.
reject-no-sink = Mapped to a real address: write 0.0.0.0, 127.0.0.1, :: or ::1 before names to be blocked.
reject-list-full = The list is full: split it into several lists.
sightings-intro = Matches of one indicator at one asset in one window are one row.
sightings-none = No sightings
sightings-none-text = No known indicator was seen in the logs.
sources-intro = The logs being read; each resumes where it stopped.
sources-none = No sources
sources-none-text = Watch a file with --watch, or send lines by the API or syslog.
source-offset = Read so far
source-lines = Lines
source-rejected = Rejected
source-last = Last line
node-parts = Parts
counters = Counters
metrics = Metrics

## Refusals: what is wrong and what to do next

refusal-not-permitted = None of your roles allows this ({ $s }). Ask an administrator, or leave it to a colleague who may.
refusal-not-entitled = Under the plan only these may do this: { $s }. Ask one of them, or let an administrator have you act for that body.
refusal-same-person = Two different persons must { $a } and { $b }. You did the first; ask a colleague for the second.
refusal-person-required = A person must do this; sign in as one.
refusal-wrong-phase = Not possible while it stands at "{ $s }". Open the record again to see what comes next.
refusal-already-done = Somebody already did this: { $s }. Open the record again.
refusal-not-ready = To { $a }, first { $b }.
refusal-steps-open = First: { $s }.
refusal-not-in-plan = The plan of this incident has { $s }.
refusal-control-character = Holds a character that cannot be kept. Type it again instead of pasting.
refusal-roles-apart = Administrator and auditor stand alone: remove the other roles.
refusal-bad-time = This time comes before what it must follow. Check date and time.
refusal-not-later = The time must lie ahead, and later than the present deadline.
refusal-too-far = At most 30 days ahead.
refusal-beyond-a-year = At most a year ahead.
refusal-outside-grant = The permission was not in force at that time.
refusal-reason-required = The plan proposes level { $s }. Another level, or one a person must judge, needs a reason.
refusal-reason-undecided = The facts decide no level yet, so a reason is needed.
refusal-conditions-open = Still open: { $s }. Record each with its basis first.
refusal-derived-open =
    { $n ->
        [one] 1 derived incident is
       *[other] { $n } derived incidents are
    } still open. End them first.
refusal-last-administrator = This is the last administrator. Give somebody else the role first.
refusal-too-many = Too many: at most { $n }.
refusal-busy = Others are changing this at the moment. Nothing was saved; send it again.
refusal-sign-in = Sign-in name, password or code is not right.
refusal-slow-down =
    Too many tries. Try again in { $n ->
        [one] 1 second
       *[other] { $n } seconds
    }.
refusal-weak-password = Too easy to guess. Use four words that have nothing to do with your name.
refusal-unreadable = Cannot be used: { $s }
act-draft-disposal = draft the disposal plan
act-verify-disposal = verify the disposal plan
act-sum-up-disposal = sum up the findings on the disposal plan
act-give-order = give an order
act-pin = pin it
act-unpin = take the pin away
act-acknowledge-order = acknowledge the order
act-report-order = report back on the order
act-withdraw-order = withdraw the order
act-give-grant = give an operating permission
act-withdraw-grant = withdraw the operating permission
act-standing-order = an order that stands
act-right-order = an incident this order applies to
act-decide-disposal = approve the disposal plan
act-do-disposal-step = carry out its steps
act-draft-publication = draft the text
act-approve-publication = approve the text
act-release-publication = release the text
act-propose = propose it
act-decide = decide on it
act-decide-headquarters = decide on a headquarters
act-file = file the closing package
act-receipt-filing = record the receipt of the filing
act-archive = archive the incident
act-report = record that the report of the review was made
lacks-disposal = no disposal chain: others decide how the disposal is worked out
lacks-publications = no publication chain
lacks-filing = no filing of a closing package
lacks-response = no response for this class: another plan governs it
lacks-no-headquarters = no response of this level without a headquarters
act-create-account = create this user
act-create-token = create this token
act-assign = assign the person
act-extend = extend the clock
act-link-derived = link the incident
act-receipt = record the receipt
act-right-chain = choose a chain that applies to this incident
act-start-playbook = start a playbook
act-do-step = do the step
act-answer-step = answer the question of the step
act-open-gate = wait for the other body's word, or waive it
act-waive-gate = waive the gate
act-skip-step = leave the step out
act-swap-steps = take the step first
act-stop-playbook = stop the playbook
act-right-playbook = choose a playbook that fits this incident
act-step-that-asks = choose a step that asks
act-step-with-gate = choose a step that waits for another body
act-optional-step = choose a step the playbook marks optional
act-end-playbooks = complete or stop every playbook
lacks-playbook = such playbook

## Spans and small words

list-comma = { ", " }
by-console = command line
by-timer = the node's timer
by-ingest = the node's intake
ago-seconds =
    { $n ->
        [one] 1 second
       *[other] { $n } seconds
    } ago
ago-minutes =
    { $n ->
        [one] 1 minute
       *[other] { $n } minutes
    } ago
ago-hours =
    { $n ->
        [one] 1 hour
       *[other] { $n } hours
    } ago
ago-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    } ago
in-seconds =
    in { $n ->
        [one] 1 second
       *[other] { $n } seconds
    }
in-minutes =
    in { $n ->
        [one] 1 minute
       *[other] { $n } minutes
    }
in-hours =
    in { $n ->
        [one] 1 hour
       *[other] { $n } hours
    }
in-days =
    in { $n ->
        [one] 1 day
       *[other] { $n } days
    }
bodies-many =
    { $n ->
        [one] 1 body
       *[other] { $n } bodies
    }
phase-withdrawn = Withdrawn

## Pages

sign-in-code-hint = Only if you have enrolled a second factor.
triage-redo = Withdraw this judgement
triage-redo-hint = The event then awaits triage again; the former judgement stays on record.
entry-title = Entry #{ $s }
title-setup = Set-up
title-link = Choose a password
title-totp = Enrol a second factor
title-once = One-time link
title-import = Import result
level-reason = Why this level
approval-own = You asked for this yourself; a colleague decides.
span-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    }
span-hours =
    { $n ->
        [one] 1 hour
       *[other] { $n } hours
    }
span-minutes =
    { $n ->
        [one] 1 minute
       *[other] { $n } minutes
    }
span-months =
    { $n ->
        [one] 1 month
       *[other] { $n } months
    }
span-calendar-days =
    { $n ->
        [one] 1 calendar day
       *[other] { $n } calendar days
    }
span-working-days =
    { $n ->
        [one] 1 working day
       *[other] { $n } working days
    }
span-by-time = { $a } (by { $b } of the last)
span-by-end-of-day = { $s } (by the end of the day)
within-no-later = no later than { $s } after awareness unless it starts after that
clock-after = A further report after
unverified = Not checked
unverified-title = Not checked against the official text
unverified-text = What this pack takes from other sources than the official text. Check it before you rely on it.
within-day-off = on a day off: { $s } of the next working day
holidays-unknown = holidays of { $s } not known
within-span = within { $s }
within-at-once = at once; a person is told after { $s }
starts-aware = when the obliged body became aware
starts-occurred = when the event happened, as far as is known
starts-begun = when the playbook was started
starts-level = when the level is confirmed or changed
starts-ended = when the response ends
starts-order = when the order is given
starts-playbook = when it was found
starts-step = when the step becomes possible
starts-judged = when a level is judged, be it provisionally
starts-response = when the response starts
starts-reviewed = when the review is completed
starts-reported = when the report before it is made
meets-report = a report
meets-action = the first immediate action
meets-request = the response being proposed or decided
meets-review = the completed review
meets-filing = the receipt of the filing
meets-acknowledgement = the order being acknowledged
meets-answer = the answer to the order
meets-step = the step being done
meets-response = the start of the response
plan-intake = Intake and triage
plan-grading = Levels and grading
because = Because
obligations = Obligations in a situation
obligations-ask = Suppose
obligations-level-hint = Left open, the rules propose it; while they cannot, the worst still possible counts.
obligations-proposed = As the rules propose
obligations-submit = Show what is owed
obligations-owed = What is owed
obligations-none = Nothing is owed in this situation.
obligations-open = What may be owed (answers are missing)
obligations-turns = What one other answer would change
obligations-added = adds:
obligations-dropped = drops:
plan-clauses = Clauses
plan-until = { $a } to { $b }
audience = Audience
extendable = May be extended by
answers = Answers
answer-count = a number
part-store = Database
part-index = Matching index
part-entries = { $n } entries
part-clocks = { $a } open, { $b } overdue
part-indicators = { $n } indicators in use
part-zone = Times are shown in { $s }
source-file = file
source-gone = The file cannot be read: { $s }
format-auto = Recognised by its content
format-list = One value a line
format-csv = CSV table
format-hosts = Hosts file
import-empty = It holds no indicator. The list stays as it was.
import-unusable = Nothing in it can be used. The list stays as it was; check that this is the right file and format.

## What a plan says of warnings

warnings = Warnings
warnings-note = This is what the plan prescribes. Fengsui does not issue warnings yet: they are issued, acknowledged and lifted outside of it.
warnings-colours = Colours
warnings-proposal = How a colour is proposed
warnings-issue = Who issues, changes and lifts
warnings-states = What a warning states
warnings-editions = For whom, and how it reaches them
warnings-receipts = Acknowledgement
warnings-before = Before a warning
warnings-under = Under a warning: { $s }
warnings-under-any = Under a warning
warning-scale = Scale of colours
warning-stands = Stands for incidents of
warning-grading = Assessing a threat
warning-by-level = The colour is that of the level of the incident that happened or may happen: the questions on levels are answered for what is expected.
warning-by-rules = Tested from the top; the first rule that holds is proposed.
warning-colours = Colours
warning-issued-by = Issued by
warning-reach = Reach
warning-named-by = Only whom the decision names of
warning-marked = Or marked
warning-two-person = One person drafts, another issues
warning-update = Updating the text
warning-adjust = Adjusting colour or reach
warning-lift = Lifting
warning-changed-by = By
warning-by-issuer = whoever issued it
warning-told = Everybody who had it is told
warning-own-measures = The plan names no measures by colour; each warning says its own.
warning-form = The notice
warning-limits-must = Each measure has a time limit
warning-limits-may = A measure may have a time limit
warning-form-open = further fields may be added
warning-field-required = Must be stated
warning-field-optional = May be left out
warning-told-of = Told of
warning-channels = By way of
warning-each-unit = each unit told
warning-each-person = each person told
warning-after = Comes after
warning-always = at all times
warning-kept-up = kept up until it is lifted or the period ends
warning-every = every { $s }
warning-as-it-comes = as it comes
starts-information = from the information
starts-threat-judged = from the judgement
starts-issued = from the issue
warning-period = Measures of the period
warning-order = Measures of { $s } by order, without a warning
warning-order-lifted = Lifted by whoever ordered it; otherwise it ends with the period.
warning-order-ends = Ends with the period.

## The emergency database

nav-resources = Emergency database
resources-intro = Experts, teams, equipment, software and reserves; past cases and solutions. No contact stands in this list.
resource = Resource
resource-kind = Kind
resource-title = Title
resource-title-hint = For an expert: expert in what, not who. Name and number go into “Contact”.
resource-holder = Held by
resource-description = Description
resource-place = Place
resource-model = Model or version
resource-count = Quantity
resource-unit = Unit
resource-unit-hint = Pieces, sets, vehicles, people
resource-fields = Fields of expertise
resource-fields-hint = At least one for experts and teams, none for anything else.
resource-rank = Rank
resource-rank-hint = Of an expert or a team: national, provincial, city.
resource-categories = Categories of incident
resource-categories-other = Categories of other plans
resource-categories-other-hint = Written PLAN/CATEGORY, such as rsit/availability, parted by blanks.
resource-keywords = Keywords
resource-keywords-hint = Parted by blanks or commas, at most 20.
resource-standing = Standing
resource-contact = Contact
resource-contact-hint = Name and number. Kept encrypted; every reading is recorded in the ledger.
resource-contact-new = New contact
resource-contact-new-hint = Leave this empty to keep the contact there is.
resource-contact-drop = Remove the contact there is
resource-add = Add a resource
resource-amend = Amend
resource-known = What is known
resource-history = History
resource-check = Record a check
resource-checked = Last checked
resource-note = Note
resource-note-hint = Where it is at work, what is broken, what the check found.
resource-retire = Retire
resource-retire-hint = It is no longer listed or offered, and its contact is no longer kept. Its history stays.
resource-retired = Retired
confirm-retire = Retire { $s } from the emergency database.
resources-in-register = In the register
resources-none = No resources
resources-none-text = Add one, or import a table.
resources-import = Import a table
resources-import-hint = CSV in UTF-8. The first line names the columns: kind, title and holder are needed; description, place, count, unit, model, rank, fields, categories, keywords, contact and standing may be there. The same kind, title and holder are the same resource: it is amended.
table-column = Column
table-encoding = Save the table as “CSV UTF-8” in the spreadsheet program, then import it.
table-header = The first line must name the columns: at least kind, title and holder, and none that is not known.
row-too-long = Too long: shorten it.
row-fields = Fields are information_security, network, information_system and other, for experts and teams only.
row-category = The plan has no such category; write PLAN/CATEGORY.
row-unknown = Not a value that can be used here.
row-beyond = More rows than one file may have: import the rest as another file.
row-too-many = Too many: at most 20.
row-twice = The same resource as a row above: join them, or give one another title.
row-quote = A quote is not closed; write a quote inside of a cell twice.
row-cells = More cells than columns: check the commas.
act-read-contact = read the contact
act-give-contact = enter a contact
kind-expert = Expert
kind-team = Team
kind-network = Network and communication
kind-computer = Computer
kind-network-device = Network device
kind-security-device = Security device
kind-software = Software
kind-material = Material
kind-case = Past case
kind-solution = Solution
field-information-security = Information security
field-network = Networks
field-information-system = Information systems
field-other = Other
standing-available = Available
standing-in-use = In use
standing-out-of-service = Out of service
did-resource-added = Added
did-resource-amended = Amended
did-resource-stood = Checked
did-resource-retired = Retired
did-resource-contact = Contact read
done-resource-added = The resource is added.
done-resource-saved = The resource is up to date.
offers-for-incident = Resources for an incident
offers-intro = Resources and past cases that fit by category and similarity, each with the reasons.
offers-show = Find
offers-field = Field needed
offers-no-incident = There is no incident with this number. Check it.
offers-none = Nothing that fits was found
offers-none-text = Search the emergency database with other words.
offers-incomplete = The database is large: only the latest resources were compared. Search it for the rest.
offer = Resource or case
offer-why = Why
offer-score = Score
offer-same-category = Same category: { $s }
offer-matching-category = Matching category: { $s }
offer-wider-category = Wider category: { $s }
offer-narrower-category = Narrower category: { $s }
offer-field = Field: { $s }
offer-keywords = Keywords: { $s }
offer-words = Shared words: { $s }

## Incidents: entries, clocks, what is still to be done

did-opened = Incident opened
did-verified = Verified; the analysis begins
did-answered = Facts recorded
did-categorised = Category changed
did-analysed = Analysis written
did-graded = Level confirmed
did-overridden = Level set against the proposal
did-aware = Awareness recorded
did-occurred = Time of occurrence recorded
did-clock-started = Clock started
did-clock-told = Clock escalated to
did-clock-lapsed = Clock lapsed
did-clock-met = Clock met
did-clock-met-late = Clock met late
did-clock-replaced = Clock replaced
did-reported = Reported
did-receipted = Receipt of a report recorded
did-action = Immediate action
did-proposed-start = Start of the response proposed
did-proposed-adjust = Adjustment of the response proposed
did-proposed-end = End of the response proposed
did-declined = Proposal refused
did-response-started = Response started
did-response-adjusted = Response adjusted
did-response-ended = Response ended
did-ticked = Condition of ending holds
did-unticked = Condition of ending withdrawn
did-disposal-drafted = Disposal plan drafted
did-disposal-verified = Disposal plan passed verification
did-disposal-failed = Disposal plan failed verification
did-disposal-remarked = Remarks on the disposal plan
did-disposal-submitted = Findings summed up and submitted for approval
did-disposal-sent-back = Findings summed up, disposal plan sent back
did-disposal-approved = Disposal plan approved
did-disposal-returned = Disposal plan returned
did-disposal-rejected = Disposal plan rejected
did-disposal-step = Step carried out
did-order-given = Order given
did-order-acknowledged = Order acknowledged
did-order-progress = Progress reported
did-order-arrived = Arrival reported
did-order-done = Order carried out
did-order-not-possible = Order not possible
did-order-withdrawn = Order withdrawn
did-grant-given = Operating permission given
did-grant-ended = Operating permission ended
did-playbook-started = Playbook started
did-playbook-step = Step of a playbook done
did-playbook-answered = Question of a playbook answered
did-playbook-skipped = Step of a playbook not taken
did-playbook-gate = What a step waited for is so
did-playbook-waived = Waiting waived
did-playbook-swapped = Taken first, being urgent
did-playbook-ended = Playbook completed
did-playbook-stopped = Playbook stopped
did-evidence-added = Evidence added
did-pinned = Pinned
did-unpinned = Pin taken away
did-evidence-handed = Evidence handed to
did-assigned = Assigned
did-relieved = Released
did-derived-linked = Derived incident linked
did-derived-closed = Derived incident is over
did-publication-drafted = Text drafted
did-publication-approved = Text approved
did-publication-released = Text released
did-review-drafted = Draft of the review saved
did-review-completed = Review completed
did-filed = Closing package filed
did-filing-receipted = Receipt of the filing recorded
did-archived = Archived
did-withdrawn = Withdrawn
did-noted = Note
clock-starts-aware = { $s } became aware
clock-starts-occurred = The event is believed to have happened
clock-starts-begun = The playbook was started
clock-starts-arrived = The event reached this desk
clock-starts-level = The level was confirmed
clock-starts-ended = The response ended
clock-starts-order = The order was given
clock-starts-playbook = It was found
clock-starts-step = The step became possible
clock-starts-judged = A level was judged
clock-starts-response = The response started
clock-starts-reviewed = The review was completed
clock-starts-reported = The report before it was made
clock-at-once = at once (tolerance { $s })
clock-met-by-oral = An oral report
clock-met-by-written = A written report, once its receipt is recorded
clock-met-by-report = A report
clock-met-by-action = The first immediate action
clock-met-by-response = A proposal or decision to respond
clock-met-by-review = The completed review
clock-met-by-filing = The filing, once its receipt is recorded
clock-met-by-acknowledgement = The acknowledgement of the order
clock-met-by-answer = The report that the order was carried out or is not possible
clock-met-by-step = The step was done
clock-met-by-started = The response, started at the level of the incident
clock-replaced-regraded = The level changed
clock-replaced-start = The time of awareness was corrected, or that of the occurrence
clock-replaced-extended = Extended with a reason
clock-replaced-withdrawn = The incident was withdrawn
clock-replaced-order = The order was withdrawn
clock-replaced-step = The step is not taken, or its playbook was stopped
clock-replaced-archived = Still open when the case was archived
clock-replaced-ended = The response ended
clock-replaced-routed = Another plan governs the class
blocker-response = The response must have ended.
blocker-review = The review must be complete.
blocker-filing = The closing package must be filed.
blocker-under = { $a }: { $b }
blocker-receipt = The receipt of the filing must be recorded.
blocker-review-report = The report of the review must be made to whom the plan names.
blocker-archive = Not yet: see above what must come first.

# Several plans on one incident
done-plans-changed = The plans that govern are changed; their clocks run or have ended.
plans-governing = Plans that govern
plan-leads = leads
plan-attach = Let another plan govern too
plan-attach-hint = All its duties apply, counted from when the event became known; the shortest clock wins. Level, start and end stay with the plan that leads.
plan-detach = It does not apply
plan-detach-hint = Its open duties end. A plan of which a playbook, an order or a publication was begun stays.
plans-beside = Plans that govern too
plans-beside-hint = The duties of all chosen plans apply, and the shortest clock wins; level, start and end follow the plan above.
beside-overlap = both govern some incidents
beside-parent = the plan of the authority above
beside-child = a plan under this one
did-plan-attached = Another plan governs too
did-plan-detached = A plan does not apply any longer
clock-replaced-detached = Its plan does not apply to this incident

## Playbooks

playbook-start = Start it
playbook-start-submit = Start the playbook
playbook-asks = Asked first:
playbook-category = Class: { $s }
playbook-not-fitting = It does not fit this incident: see above what speaks against it. If the class or an answer is wrong, correct it on the overview.
playbook-routed = Another plan governs this class of incident; start the playbook there.
playbook-stop = Stop this playbook
playbook-stop-hint = Started in error, or another one goes on with it. What was recorded stays.
playbook-stop-submit = Stop the playbook
playbook-stop-held = It cannot be stopped while this lasts: { $s }. Take the step that ends it first.
confirm-stop-playbook = Stop "{ $s }"? Its open steps fall away.
playbooks-fitting = Playbooks that fit
playbooks-others = Playbooks that do not fit
playbooks-over = The response has ended: no playbook can be started any more.
playbooks-ended = Completed and stopped
playbooks-none = No playbook of the plan fits
playbooks-none-text = The plan has none for this class and these answers.
playbook-completed = Completed
playbook-stopped = Stopped
run-what = What it is about
run-what-hint = The machine, the website, the line. Several of them: start it once for each.
run-found = Found
run-found-in = When it was found ({ $s })
run-found-hint = The clocks of its steps count from then.
run-started = Started by
run-progress = { $a } of { $b } steps settled
steps-now = Now
steps-now-none = Nothing can be done at the moment: every open step waits for another.
steps-ahead = Later
steps-over = Done and not taken
n-steps =
    { $n ->
        [one] { $n } step
       *[other] { $n } steps
    }
step-possible = Now
step-held = Waits for another body
step-later = Later
step-was-done = Done
step-not-taken = Not taken
step-yours = You
step-recorded-by-you = You may record it
step-named = step { $a } "{ $b }"
wait-step = After { $s }
wait-answer = Depends on the answer to { $s }
answer-then = then { $s }
answer-raises = sets the mark "{ $s }"
step-opens = Opens a temporary state: { $s }
step-closes = Ends the temporary state: { $s }
step-needs = Takes an operating permission: { $s }.
step-needs-none = None that you may use is in force.
step-needs-where = Operating permissions
step-do = Record it as done
step-do-submit = Done
step-do-answer = Answer it
step-answer = Answer
step-answer-submit = Save the answer
step-at = When ({ $s })
step-at-hint = Leave empty for now.
step-spoke = Who said so
step-spoke-hint = When you record it for somebody else: who, and how.
step-swap = Urgent: take it first
step-before = Before these
step-before-hint = They stay due, and their clocks keep running.
step-swap-submit = Take it first
step-swap-by = When urgent, these may take it first, with a reason: { $s }.
step-swapped = Taken first, before { $s }
step-skip = Leave it out
step-skip-submit = Leave the step out
step-skip-by = These may leave it out, with a reason: { $s }.
step-nobody = The plan lets nobody waive it.
skipped-other-branch = The answer called for other steps
skipped-condition = Its condition did not hold
skipped-left-out = Left out
gate-waits = Waits until: { $s }
gate-by = To be said by: { $s }
gate-since = waiting since
gate-open = It is so: record it
gate-open-submit = Record that it is so
gate-text = What was said
gate-waive = Go on without it
gate-waive-hint = Why it cannot be waited for. You approve it with your name and your body.
gate-waive-submit = Waive it
gate-waive-by = These may waive it, with a reason: { $s }.
confirm-waive = Go on without "{ $s }"? Your name stands beside the reason.
gate-opened = It is so
gate-waived = Waived
standing-since = Since
standing-ends = It ends with: { $s }
card = Card
cards-all = All cards
cards = Cards of the playbooks
card-print = Print this page with the browser (Ctrl+P); only the card comes out.
card-both = Both languages
card-one = One language
card-about = About
card-found = Found at
card-step = Step
card-time = Time
card-name = Name
card-contacts = Contacts
card-body = Body
card-phone = Telephone
card-printed = printed
card-in-force = in force
list-or = { " or " }
done-playbook-started = The playbook runs. What is now stands first.
done-playbook-saved = Recorded.
done-playbook-stopped = The playbook was stopped.
playbook-by = Started by

# Standing duties
nav-duties = Standing duties
duties-intro = What a plan asks for outside of incidents: checks, training, exercises, filings, conditions that must hold. Kept by unit.
duty-book-open = Open a duty book
duty-unit = Unit
duty-unit-hint = A unit has one book under a plan.
duty-from = Kept from
duty-from-hint = Periods that began before are not counted.
duties-none = No duty books
duties-none-text = Open one for a unit.
duty-closed = No longer kept
duty-attention-none = Nothing needs attention
duty-by = Who
duty-due = Due
duty-last = Last done
duty-kept-from = from { $s }
duty-table = This year's records (CSV)
duty-extension = More time asked for
duty-extension-asked = { $a } asks for time until { $b }
duty-grant = Grant
duty-refuse = Refuse
duties-attention = Needs attention
duties-today = Due today
duties-week = Due within seven days
duties-rest = Everything else
duty-history = What happened
duty-close = Keep no longer
duty-records = Records
duty-records-none = No records
duty-records-none-text = Record it here once it is done.
duty-records-more = Only the latest 50 are shown; the API lists all.
duty-withdrawn = Withdrawn
duty-entered = entered
duty-receipt-record = Record a receipt
duty-receipt-of = Given by
duty-receipt-at = Given at
duty-receipt-reference = Reference
duty-receipt-given = Receipt of { $a }: { $b }
duty-withdraw = Withdraw
duty-withdraw-hint = It stays in the ledger and does not count any more. To correct it, withdraw it and record it anew.
duty-past = Periods that are over
duty-period = Period
duty-record = Record
duty-at = When
duty-for-day = For the period of
duty-for-day-hint = The same day if not said; for one that comes late, a day of its period.
duty-document = Document
duty-place = Where it is kept
duty-sha256-hint = Leave it out for paper.
duty-change-hint = A filing counts once every receipt is there.
duty-basis = How that is known
duty-day = Good until
duty-stated = Is it so?
duty-changed = It was changed
duty-what = What was changed
duty-extend = Ask for more time
duty-extend-hint = Another person grants it.
duty-until = Until
duty-rhythm = Set another rhythm
duty-cycle = Period
duty-for = For the period of { $s }
duty-was-changed = Changed: { $s }
duty-by-time = before { $s }
duty-at-least = at least { $s }
duty-more-than = more than { $s }
duty-not-passed = not expired
duty-at-all-times = at all times
duty-met = Done
duty-owed = Owed
duty-overdue = Overdue
duty-holds = Holds
duty-broken = Does not hold
duty-out-of-date = Out of date
duty-never-vouched = Never vouched for
duty-as-needed = As it comes
duty-not-owed = Nothing to do yet
duty-past-met = Done in time
duty-past-late = Done late
duty-past-missed = Left out
duty-past-extended = Extended
cycle-day = Every day
cycle-workday = Every working day
cycle-week = Every week
cycle-month = Every month
cycle-quarter = Every quarter
cycle-half-year = Every half-year
cycle-year = Every year
did-duty-opened = Opened, kept from { $s }
did-duty-rhythm = { $a }: rhythm set to { $b }
did-duty-asked = { $a }: time asked for until { $b }
did-duty-granted = { $a }: more time granted, { $b }
did-duty-refused = { $a }: more time refused, { $b }
did-duty-told = { $a }: told, was due { $b }
did-duty-closed = No longer kept: { $s }
did-duty-parent = New version of the plan above { $a } in use, in force from { $b }
done-duty-book-opened = The duty book is open.
done-option-chosen = It is chosen.
done-duty-saved = It is recorded.
duty-attention-n = { $n ->
    [one] 1 needs attention
   *[other] { $n } need attention
}
duty-unreceipted = { $n } without receipt
duty-corrected = { $n ->
    [one] corrected once
   *[other] corrected { $n } times
}
duty-this-year = { $n } this year
duty-times = { $n } times
duty-after-change = within { $n } days of a change
duty-after-parent = within { $n } days of a new version of a plan above
duty-parent = To be looked at: the new version of { $a }, in force from { $b }

## Search over events and incidents
search-everywhere = Search events and incidents
search-words = Words to search for
search-words-hint = All words must be found. Chinese needs no blanks; * stands for the rest of a word.
search-found = Found
search-passage = Passage
search-at = Received or opened
search-none = Nothing found
search-none-text = Try fewer or other words. Reporters' names and contacts are not searched.
search-number = Number
search-sender = Sent by
search-point = Point of intake
search-analysis = Analysis
search-report = Report
search-note = Remark
