//! The clocks do not mind how often somebody looks.

use fengsui_domain::level::IncidentLevel;
use proptest::prelude::*;

use crate::desk::Desk;
use crate::ticks::{said, untold};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// One big step says the same as many small ones, in whatever rhythm, with kills in between.
    #[test]
    fn the_rhythm_of_ticks_does_not_matter(
        level in prop::sample::select(IncidentLevel::ALL.to_vec()),
        special in any::<bool>(),
        rhythm in prop::collection::vec((0_i64..40, any::<bool>()), 0..24),
    ) {
        let mut once = Desk::graded(level);
        once.special(special);
        let mut often = once.clone();
        let mut heard = Vec::new();
        let mut now = 0;
        for (step, kill) in rhythm {
            now += step;
            heard.extend(often.at(now).tick());
            if kill {
                often.restart();
            }
        }
        let end = 1_000;
        heard.extend(often.at(end).tick());
        let expected = once.at(end).tick();
        prop_assert_eq!(said(&heard), said(&expected));
        prop_assert_eq!(untold(&often), untold(&once));
    }
}
