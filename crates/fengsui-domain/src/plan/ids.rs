//! Names that whoever writes a plan pack chooses, each kind with its own type.

/// Declares an id that is a name chosen by whoever writes a plan pack.
macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the name as it is; the pack loader has checked that it exists.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as written in the pack.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_id! { /// Id of a plan pack, such as `jincheng-internet-2008`.
PlanId }
name_id! { /// A body, post or team named by a plan, such as `security-office`.
RoleId }
name_id! { /// A class of incident in one plan's taxonomy.
CategoryId }
name_id! { /// Something the plan asks about an incident, such as `spread`.
FactId }
name_id! { /// Id of a rule inside its plan: a grading rule, clock, condition, topic, chain.
RuleId }
name_id! { /// Id of a clause of a source document, such as `jincheng-internet-2008/5.1.3.a`.
Clause }

impl Clause {
    /// The document: what stands before the first `/`.
    pub fn document(&self) -> &str {
        self.0.split_once('/').map_or("", |(document, _)| document)
    }

    /// The order in which documents and their clauses are read: `2.9` before `2.10`.
    pub fn reading_order(&self, other: &Self) -> std::cmp::Ordering {
        let parts = |clause: &Self| -> Vec<(u64, String)> {
            clause
                .number()
                .split('.')
                .map(|part| (part.parse().unwrap_or(u64::MAX), part.to_owned()))
                .collect()
        };
        self.document().cmp(other.document()).then_with(|| parts(self).cmp(&parts(other)))
    }

    /// The number inside the document, such as `5.1.3.a`.
    pub fn number(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, number)| number)
    }
}
