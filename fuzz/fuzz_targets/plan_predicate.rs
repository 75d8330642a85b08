//! Predicates of a plan pack: nothing panics, and what is accepted is printed in a form that reads
//! back as the same predicate.
#![no_main]

use fengsui_domain::expr::Expr;
use fengsui_wire::plan::{PackFile, load};
use libfuzzer_sys::fuzz_target;

/// The smallest pack that is right.
const PACK: &str = include_str!("../../tests/fixtures/plans/minimal/plan.yaml");
/// The condition of its only clock.
const CONDITION: &str = "when: incident.level == \"IV\" || facts.special";

/// The pack with `text` as that condition.
fn compile(text: &str) -> Option<Expr> {
    let quoted = format!("when: '{}'", text.replace('\'', "''"));
    let pack = PACK.replace(CONDITION, &quoted);
    assert_ne!(pack, PACK, "the pack has another condition now");
    let loaded = load(&[PackFile { path: "minimal/plan.yaml", bytes: pack.as_bytes() }]);
    loaded.plan.and_then(|mut plan| plan.clocks.pop()).map(|clock| clock.when)
}

fuzz_target!(|text: &str| {
    if text.contains('\n') {
        return; // YAML folds lines before they are a predicate.
    }
    if let Some(expr) = compile(text) {
        let printed = expr.to_string();
        // Printed with more space than it was written with, it may pass the limit of a predicate.
        if printed.len() <= 1_000 {
            assert_eq!(compile(&printed), Some(expr), "{printed}");
        }
    }
});
