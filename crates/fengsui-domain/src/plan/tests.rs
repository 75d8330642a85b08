use super::sample::plan;
use super::{Clause, FactId};

#[test]
fn clauses_sort_as_they_are_read() {
    let mut clauses = ["b/1", "a/2.10", "a/2.9", "a/2.9.b", "a/notice", "a/2.9.a", "a/10"].map(Clause::new);
    clauses.sort_by(Clause::reading_order);
    assert_eq!(
        clauses.map(|clause| clause.to_string()),
        ["a/2.9", "a/2.9.a", "a/2.9.b", "a/2.10", "a/10", "a/notice", "b/1"]
    );
}

#[test]
fn a_clause_knows_its_document_and_number() {
    for (text, document, number) in
        [("jincheng-internet-2008/5.1.3.a", "jincheng-internet-2008", "5.1.3.a"), ("5.1", "", "5.1")]
    {
        let clause = Clause::new(text);
        assert_eq!((clause.document(), clause.number()), (document, number));
    }
}

#[test]
fn questions_come_in_the_order_of_the_pack_and_not_of_their_names() {
    let mut plan = plan();
    let order = ["spread", "paralysis", "stability", "derived", "vital", "individual", "special", "systems"];
    let asked =
        |plan: &super::Plan| plan.questions().into_iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(asked(&plan), order.map(FactId::new));
    // Two in one place, which no loader makes, still come in a fixed order.
    plan.facts.values_mut().for_each(|fact| fact.place = 0);
    assert_eq!(asked(&plan), plan.facts.keys().cloned().collect::<Vec<_>>());
}
