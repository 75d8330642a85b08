//! Words of the search.

words! {
    /// Which text of an event or incident a search found something in.
    SearchedField {
        /// Its number.
        Number: "number" = "search-number",
        /// Its title.
        Title: "title" = "event-title",
        /// The unit where it happened.
        Unit: "unit" = "event-unit",
        /// The asset concerned.
        Asset: "asset" = "event-asset",
        /// Who sent it.
        Sender: "sender" = "search-sender",
        /// What happened.
        Details: "details" = "event-details",
        /// A point of intake of the plan.
        Point: "point" = "search-point",
        /// A point of the analysis.
        Analysis: "analysis" = "search-analysis",
        /// A report.
        Report: "report" = "search-report",
        /// A remark.
        Note: "note" = "search-note",
    }
}
