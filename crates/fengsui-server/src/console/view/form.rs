//! Forms that keep what was typed: values by name, errors by name, any field.
//!
//! After a refusal the handler puts the very pairs it received back into a [`Form`] and adds the
//! errors, so nothing typed is lost by construction. Passwords and codes are never put back: the
//! templates do not ask for their value.

use std::collections::BTreeMap;

use crate::console::lang::Lang;

/// One form of a page: what it holds and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The form's id on the page; ids of its fields begin with it.
    pub id: String,
    /// Values by field name, several for a list of boxes.
    pub values: BTreeMap<String, Vec<String>>,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; empty for an error of the form as a whole.
    pub field: String,
    /// The field's label, as the summary at the top of the page repeats it; may be empty.
    pub label: String,
    /// What is wrong and what would be right, in the reader's language.
    pub text: String,
}

impl Form {
    /// An empty form.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// A form with the pairs of a request body.
    pub fn from_pairs(id: impl Into<String>, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::new(id);
        for (name, value) in pairs {
            form.values.entry(name).or_default().push(value);
        }
        form
    }

    /// The same form with a value set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), vec![value.into()]);
        self
    }

    /// The same form with an error of one field added.
    #[must_use]
    pub fn fail(mut self, field: &str, label: impl Into<String>, text: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.to_owned(), label: label.into(), text: text.into() });
        self
    }

    /// The same form with an error of the form as a whole added.
    #[must_use]
    pub fn fail_all(mut self, text: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: String::new(), label: String::new(), text: text.into() });
        self
    }

    /// The value of a field; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether `value` is among the values of a field.
    pub fn has(&self, name: &str, value: &str) -> bool {
        match self.values.get(name) {
            Some(values) => values.iter().any(|each| each == value),
            None => value.is_empty(),
        }
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.text.as_str())
    }

    /// Whether anything is wrong.
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Ids of the texts that describe a field, for `aria-describedby`.
    pub fn described_by(&self, name: &str, hint: &str) -> String {
        let mut ids = Vec::new();
        if !hint.is_empty() {
            ids.push(format!("{}-{name}-hint", self.id));
        }
        if self.error(name).is_some() {
            ids.push(format!("{}-{name}-error", self.id));
        }
        ids.join(" ")
    }
}

/// The forms of a page by id; one that nobody set is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms(pub BTreeMap<String, Form>);

impl Forms {
    /// The form called `id`.
    pub fn of(&self, id: impl AsRef<str>) -> Form {
        let id = id.as_ref();
        self.0.get(id).cloned().unwrap_or_else(|| Form::new(id))
    }

    /// The form called `prefix-key`, for forms that repeat in a list.
    pub fn of_item(&self, prefix: &str, key: &str) -> Form {
        self.of(format!("{prefix}-{key}"))
    }

    /// The same forms with one more.
    #[must_use]
    pub fn with(mut self, form: Form) -> Self {
        self.0.insert(form.id.clone(), form);
        self
    }

    /// Every failed form, for the summary at the top of the page.
    pub fn failed(&self) -> Vec<&Form> {
        self.0.values().filter(|form| form.failed()).collect()
    }
}

/// What can be wrong with a field, in words that say what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing was entered.
    Required,
    /// Nothing was chosen.
    ChooseOne,
    /// Longer than this many characters.
    TooLong(usize),
    /// Shorter than this many characters.
    TooShort(usize),
    /// Not a date and time.
    NotATime,
    /// A time that has not come yet.
    InFuture,
    /// Not a whole number.
    NotANumber,
    /// Not one of the choices.
    NotAChoice,
    /// Taken by something else.
    Taken,
    /// A code that is wrong or has run out.
    WrongCode,
    /// The two passwords differ.
    Mismatch,
    /// A file larger than this many megabytes.
    TooLarge(usize),
}

impl FieldProblem {
    /// The message in the reader's language.
    pub fn text(self, lang: Lang) -> String {
        let text = match self {
            Self::Required => lang.t("problem-required"),
            Self::ChooseOne => lang.t("problem-choose"),
            Self::TooLong(max) => lang.t_n("problem-too-long", max),
            Self::TooShort(min) => lang.t_n("problem-too-short", min),
            Self::NotATime => lang.t("problem-not-a-time"),
            Self::InFuture => lang.t("problem-in-future"),
            Self::NotANumber => lang.t("problem-not-a-number"),
            Self::NotAChoice => lang.t("problem-not-a-choice"),
            Self::Taken => lang.t("problem-taken"),
            Self::WrongCode => lang.t("problem-wrong-code"),
            Self::Mismatch => lang.t("problem-mismatch"),
            Self::TooLarge(max_mb) => lang.t_n("problem-too-large", max_mb),
        };
        text.into_owned()
    }
}
