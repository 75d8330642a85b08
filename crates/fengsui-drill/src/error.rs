//! Why a drill could not be run to its end.

/// The outcome of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a drill could not be run to its end. What the rules refuse its people is no error: it is in the result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service failed.
    #[error("the service of the drill failed")]
    Service(#[from] fengsui_service::Error),
    /// The store failed.
    #[error("the store of the drill failed")]
    Store(#[from] fengsui_service::store::StoreError),
    /// A plan is not at hand.
    #[error("there is no plan `{plan}` at hand")]
    NoPlan {
        /// Which one.
        plan: String,
    },
    /// The start of a drill lies outside the calendar.
    #[error("`{starts}` is no time in the zone `{zone}`")]
    Start {
        /// The start as written.
        starts: String,
        /// The zone of the plan.
        zone: String,
    },
    /// People would never come to rest.
    #[error("the drill took {steps} steps without coming to its end")]
    TooLong {
        /// How many.
        steps: u64,
    },
}
