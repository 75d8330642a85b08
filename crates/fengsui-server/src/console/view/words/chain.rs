//! Words of chains: disposal plans and their findings, orders, permissions, steps of playbooks, publications.

words! {
    /// Stage of a disposal plan.
    DisposalStage {
        /// Drafted.
        Draft: "draft" = "disposal-draft",
        /// Verified.
        Verify: "verify" = "disposal-verify",
        /// The findings summed up and submitted.
        SumUp: "sum-up" = "disposal-sum-up",
        /// Approved.
        Approve: "approve" = "disposal-approve",
        /// Carried out.
        Execute: "execute" = "disposal-execute",
    }
}

words! {
    /// State of a disposal plan.
    DisposalState {
        /// Waiting for verification.
        Drafted: "drafted" = "disposal-state-drafted",
        /// Verified; waiting for approval.
        Verified: "verified" = "disposal-state-verified",
        /// Verification or approval sent it back.
        Returned: "returned" = "disposal-state-returned",
        /// Approved; waiting for execution.
        Approved: "approved" = "disposal-state-approved",
        /// Carried out.
        Executed: "executed" = "disposal-state-executed",
        /// Replaced by a later version.
        Superseded: "superseded" = "disposal-state-superseded",
    }
}

words! {
    /// What a verifier found.
    Finding {
        /// It passes.
        Pass: "pass" = "finding-pass",
        /// It does not pass.
        Fail: "fail" = "finding-fail",
        /// Remarks only.
        Remarks: "remarks" = "finding-remarks",
    }
}

words! {
    /// State of an order.
    OrderState {
        /// Nobody has answered.
        Given: "given" = "order-given",
        /// Acknowledged; the work goes on.
        Acknowledged: "acknowledged" = "order-acknowledged",
        /// Carried out.
        Done: "done" = "order-done",
        /// It cannot be carried out.
        NotPossible: "not-possible" = "order-not-possible",
        /// Withdrawn.
        Withdrawn: "withdrawn" = "order-withdrawn",
    }
}

words! {
    /// What a report on an order comes to.
    OrderOutcome {
        /// It goes on.
        Progress: "progress" = "outcome-progress",
        /// The expert, the team or the goods arrived.
        Arrived: "arrived" = "outcome-arrived",
        /// Carried out.
        Done: "done" = "outcome-done",
        /// It cannot be carried out.
        NotPossible: "not-possible" = "outcome-not-possible",
    }
}

words! {
    /// State of an operating permission.
    GrantState {
        /// It may be used.
        Live: "active" = "grant-live",
        /// Its time is over.
        Expired: "expired" = "grant-expired",
        /// It was withdrawn.
        Withdrawn: "revoked" = "grant-withdrawn",
        /// It ended with the response.
        Ended: "ended" = "grant-ended",
    }
}

words! {
    /// How a step of a playbook stands.
    StepMark {
        /// It may be done now.
        Possible: "possible" = "step-possible",
        /// Nothing but another body's word holds it back.
        Held: "held" = "step-held",
        /// It waits for other steps.
        Ahead: "ahead" = "step-later",
        /// Done.
        Done: "done" = "step-was-done",
        /// Not taken.
        Skipped: "skipped" = "step-not-taken",
    }
}

words! {
    /// State of a publication.
    PublicationState {
        /// Drafted; waiting for its check.
        Drafted: "drafted" = "publication-drafted",
        /// Checked; waiting for release.
        Approved: "approved" = "publication-approved",
        /// Returned to its author.
        Returned: "returned" = "publication-returned",
        /// Released.
        Released: "released" = "publication-released",
    }
}
