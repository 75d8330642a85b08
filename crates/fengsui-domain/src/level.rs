//! Incident levels I to IV: one ordered scale, worst first.

/// The grade of an incident, and of the response to it. `I` is the worst and sorts first.
///
/// Source: `national-2017/1.4`, `jincheng-internet-2008/2.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum IncidentLevel {
    /// Especially major (特别重大).
    I,
    /// Major (重大).
    II,
    /// Larger (较大).
    III,
    /// General (一般).
    IV,
}

impl IncidentLevel {
    /// All levels, worst first.
    pub const ALL: [Self; 4] = [Self::I, Self::II, Self::III, Self::IV];

    /// The Roman numeral.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
        }
    }

    /// The numeral as the plans print it in Chinese, such as `Ⅰ级`.
    pub fn as_zh(self) -> &'static str {
        match self {
            Self::I => "Ⅰ级",
            Self::II => "Ⅱ级",
            Self::III => "Ⅲ级",
            Self::IV => "Ⅳ级",
        }
    }

    /// The level a Roman numeral names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

impl std::fmt::Display for IncidentLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
