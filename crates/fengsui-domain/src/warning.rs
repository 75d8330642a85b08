//! Warnings: which colour a threat has, who may issue it, and what it obliges to.
//!
//! Every function here is one of the plan's rules ([`crate::plan::Warnings`]) and its arguments. None of them
//! issues a warning: a person decides on the colour, and what becomes of a warning is not in this module.
//! A colour is proposed by the rules that grade incidents, or by rules of the same kind on the threat
//! ([`colour_proposed`]); what an answer that is missing means is the same as there.
//! Source: `national-2017/3.1.a` to `3.5`, `6.5.b`; `jincheng-internet-2008/4.2.1` to `4.3.3.c`.

use crate::permission::named;
use crate::plan::Text;

mod colour;
mod issue;
mod owed;
#[cfg(test)]
mod tests;

pub use colour::{Signal, colour_proposed, rules_of_colours};
pub use issue::{
    ChangeVerdict, Entitled, Gate, Refusal, RefusedFor, Ruling, Verdict, may_change, may_issue, who_may_issue,
};
pub use owed::{Due, Owed, Owing, ends_at, may_end_order, owed_by_order, owed_by_warning, owed_in_period};

named! {
    /// The colour of a warning, worst first.
    ///
    /// Source: `national-2017/3.1.a`, `jincheng-internet-2008/4.3.1`.
    WarningColour {
        /// Red (红色).
        Red = "red",
        /// Orange (橙色).
        Orange = "orange",
        /// Yellow (黄色).
        Yellow = "yellow",
        /// Blue (蓝色).
        Blue = "blue",
    }
}

named! {
    /// How far a warning reaches, seen from the body that issues it.
    ///
    /// Source: `national-2017/3.3.c`, `3.3.d`.
    Reach {
        /// Its own industry, wherever that is.
        OwnIndustry = "own-industry",
        /// Its own region.
        OwnRegion = "own-region",
        /// Several industries, all inside its own region.
        IndustriesInRegion = "industries-in-region",
        /// Several regions.
        SeveralRegions = "several-regions",
        /// Several industries or departments, beyond its own region.
        SeveralIndustries = "several-industries",
        /// The whole country.
        Whole = "whole",
    }
}

impl WarningColour {
    /// Its name in both languages, for plans that give it no other.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Self::Red => ("红色", "red"),
            Self::Orange => ("橙色", "orange"),
            Self::Yellow => ("黄色", "yellow"),
            Self::Blue => ("蓝色", "blue"),
        };
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}

impl Reach {
    /// What it is called in both languages.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Self::OwnIndustry => ("本行业", "its own industry"),
            Self::OwnRegion => ("本地区", "its own region"),
            Self::IndustriesInRegion => ("本地区内多行业", "several industries inside its own region"),
            Self::SeveralRegions => ("多地区", "several regions"),
            Self::SeveralIndustries => ("多部门、多行业", "several departments or industries"),
            Self::Whole => ("全国", "the whole country"),
        };
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}

impl Act {
    /// What it is called in both languages.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Self::Issue => ("发布", "issue"),
            Self::Update => ("更新", "update"),
            Self::Adjust => ("调整", "adjustment"),
            Self::Lift => ("解除", "lifting"),
        };
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}

named! {
    /// What is done with a warning.
    Act {
        /// It is issued.
        Issue = "issue",
        /// Its text changes; colour and reach stay.
        Update = "update",
        /// Its colour or its reach changes.
        Adjust = "adjust",
        /// It is lifted.
        Lift = "lift",
    }
}

named! {
    /// From when a measure is owed.
    Stage {
        /// All the time: the watch that warnings rest on.
        Always = "always",
        /// From information that came in.
        Information = "information",
        /// From the judgement of a threat.
        Judged = "judged",
        /// From the issue of a warning, or the order that takes its place.
        Issued = "issued",
    }
}
