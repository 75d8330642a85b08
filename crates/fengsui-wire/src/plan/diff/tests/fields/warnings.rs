//! The same for what a plan says of warnings.

use fengsui_domain::plan::{
    Approval, Change, ChangedBy, Changes, Colour, ColourGrading, ColourRules, Edition, FieldOfWarning,
    IssuingRight, Measure, MeasureKind, Period, PeriodOrder, ReceiptFrom, ReceiptRule, TwoPerson,
    WarningForm, Warnings,
};
use fengsui_domain::warning::{Act, Reach, Stage, WarningColour};

use super::*;

fn of(plan: &mut Plan) -> &mut Warnings {
    plan.warnings.as_mut().expect("has them")
}

fn hour() -> Within {
    Within::Span(SignedDuration::from_hours(99))
}

pub(super) fn each(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    each_field!(found, plan, Warnings at |plan| of(plan), {
        clause: nine(), colours: BTreeMap::new(), facts: BTreeMap::new(),
        grading: ColourGrading { confirmed_by: bodies(), clause: nine(), rules: ColourRules::ByLevel },
        rights: Vec::new(), approvals: Vec::new(), two_person: None,
        changes: {
            let change = || Change { by: ChangedBy::Issuer, within: Some(hour()), clause: nine(), is_default: true };
            Changes { update: change(), adjust: change(), lift: change() }
        },
        form: WarningForm { clause: nine(), fields: Vec::new(), open: true, measures_have_limits: true },
        editions: Vec::new(), receipts: Vec::new(), measures: Vec::new(), own_measures: Some(nine()),
        periods: Vec::new(),
    });
    each_field!(found, plan, Colour at |plan| of(plan).colours.values_mut().next().expect("has one"), {
        title: text(), level: IncidentLevel::II, clause: nine(),
    });
    each_field!(found, plan, ColourGrading at |plan| &mut of(plan).grading, {
        confirmed_by: bodies(), clause: nine(), rules: ColourRules::ByLevel,
    });
    each_field!(found, plan, IssuingRight at |plan| &mut of(plan).rights[1], {
        id: rule(), title: text(), by: bodies(), highest: WarningColour::Yellow, lowest: WarningColour::Orange,
        reach: vec![Reach::Whole], named_by: None, clause: nine(), is_default: true,
    });
    each_field!(found, plan, Approval at |plan| &mut of(plan).approvals[0], {
        id: rule(), title: text(), by: bodies(), colours: vec![WarningColour::Orange],
        marks: vec![FactId::new("another")], clause: nine(),
    });
    each_field!(found, plan, TwoPerson at |plan| of(plan).two_person.as_mut().expect("has it"), {
        colours: vec![WarningColour::Blue], clause: nine(), is_default: true,
    });
    each_field!(found, plan, Change at |plan| &mut of(plan).changes.lift, {
        by: ChangedBy::Bodies(bodies()), within: Some(hour()), clause: nine(), is_default: true,
    });
    each_field!(found, plan, WarningForm at |plan| &mut of(plan).form, {
        clause: nine(), fields: Vec::new(), open: true, measures_have_limits: true,
    });
    each_field!(found, plan, FieldOfWarning at |plan| &mut of(plan).form.fields[0], {
        id: rule(), title: text(), clause: nine(), optional: true,
    });
    each_field!(found, plan, Edition at |plan| &mut of(plan).editions[0], {
        id: rule(), audience: text(), clause: nine(), channels: Vec::new(), acts: vec![Act::Adjust],
    });
    each_field!(found, plan, ReceiptRule at |plan| &mut of(plan).receipts[0], {
        id: rule(), title: text(), edition: rule(), from: vec![ReceiptFrom::People], acts: vec![Act::Lift],
        within: BTreeMap::new(), clause: nine(), is_default: true,
    });
    each_field!(found, plan, Measure at |plan| &mut of(plan).measures[1], {
        id: rule(), title: text(), clause: nine(), stage: Stage::Always, colours: Vec::new(), periods: rules(),
        of: bodies(), to: bodies(), kind: MeasureKind::AsItComes(None), after: Vec::new(), is_default: true,
    });
    each_field!(found, plan, Period at |plan| &mut of(plan).periods[0], {
        id: rule(), title: text(), clause: nine(), order: None,
    });
    each_field!(found, plan, PeriodOrder at |plan| of(plan).periods[0].order.as_mut().expect("has one"), {
        by: bodies(), to: bodies(), colour: WarningColour::Blue, clause: nine(), lifted_by_orderer: false,
        is_default: true,
    });
}
