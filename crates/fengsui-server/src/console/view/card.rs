//! Playbooks as printed cards: black on white, a sheet of A4 each or more.

use askama::Template;
use fengsui_domain::plan::Lang as PlanLang;
use fengsui_wire::plan::{Card, CardStep};

use super::shell::Shell;
use crate::console::lang::Lang;

/// `GET /plans/{id}/playbooks` and `GET /plans/{id}/playbooks/{playbook}`.
#[derive(Template)]
#[template(path = "plan/cards.html")]
pub struct Cards {
    /// The frame.
    pub shell: Shell,
    /// The plan's id.
    pub plan: String,
    /// The playbook's name, or what all cards are called.
    pub title: String,
    /// Each card comes in both languages.
    pub both: bool,
    /// This page with both languages, or with one.
    pub other: String,
    /// The cards.
    pub sheets: Vec<Sheet>,
    /// What every sheet says at its foot.
    pub foot: CardFoot,
}

/// One card in one language.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its id on the page.
    pub id: String,
    /// The language of its words.
    pub lang: Lang,
    /// The playbook's name.
    pub title: String,
    /// Where it comes from.
    pub clause: String,
    /// The plan's name.
    pub plan: String,
    /// What comes before everything else.
    pub first: Option<String>,
    /// Its steps.
    pub steps: Vec<CardStep>,
    /// Bodies with room for a name and a number.
    pub bodies: Vec<String>,
}

/// Which version a card was printed from, and when.
#[derive(Clone, Debug)]
pub struct CardFoot {
    /// The plan's id.
    pub plan: String,
    /// Number of the issuing document.
    pub document: String,
    /// Since when it is in force.
    pub in_force: String,
    /// Fingerprint of the pack's files.
    pub digest: String,
    /// The day of printing, in the plan's zone.
    pub printed: String,
}

impl From<Card> for Sheet {
    fn from(card: Card) -> Self {
        let lang = match card.lang {
            PlanLang::Zh => Lang::ZhCn,
            PlanLang::En => Lang::En,
        };
        Self {
            id: format!("card-{}-{}", card.playbook, lang.tag()),
            lang,
            title: card.title,
            clause: card.clause,
            plan: card.plan,
            first: card.first,
            steps: card.steps,
            bodies: card.bodies,
        }
    }
}
