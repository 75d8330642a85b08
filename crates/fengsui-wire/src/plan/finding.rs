//! What a pack check finds: a stable code, the place, what is wrong and what would be right.
//!
//! Codes are public contract: add, never rename or reuse. [`Code::info`] is their one table.

use std::fmt::{Display, Formatter};

use fengsui_domain::plan::{Lang, Text};

/// Findings kept of one pack. A pack with more is broken at the root, and the first ones say where.
pub const MAX_FINDINGS: usize = 200;
/// Characters kept of a place; the longest of the shipped pack has 53.
const MAX_PLACE_CHARS: usize = 200;
/// Characters of a value quoted in a message.
const MAX_QUOTED_CHARS: usize = 60;

/// One thing that is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// Whether the pack can be used in spite of it.
    pub severity: Severity,
    /// The file, as it was handed in.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The place inside the plan, such as `clocks/oral-general/within`.
    pub place: String,
    /// What is wrong, naming the value.
    pub message: Text,
    /// What would be right, where that can be said.
    pub fix: Option<Text>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// The pack can be used, but somebody should look.
    Warning,
}

impl Severity {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Finding {
    /// `file:line:column: what is wrong; what would be right`, in one language.
    pub fn in_words(&self, lang: Lang) -> String {
        let Self { file, line, column, .. } = self;
        let between = match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        };
        let fix = self.fix.as_ref().map_or_else(String::new, |fix| format!("{between}{}", fix.get(lang)));
        format!("{file}:{line}:{column}: {}{fix}", self.message.get(lang))
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.in_words(Lang::En))
    }
}

/// A place in one of the pack's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// Which file, by its number in the pack.
    pub(super) file: usize,
    /// Line, from 1.
    pub(super) line: u32,
    /// Column in characters, from 1.
    pub(super) column: u32,
    /// Offset in bytes, from 0.
    pub(super) byte: usize,
}

/// The findings of one pack so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    files: Vec<String>,
    list: Vec<Finding>,
    cut_short: bool,
}

impl Findings {
    /// No findings yet, for a pack of these files.
    pub(super) fn new(files: Vec<String>) -> Self {
        Self { files, ..Self::default() }
    }

    /// Adds one. Of more than [`MAX_FINDINGS`] the errors that came first are kept.
    pub(super) fn add(&mut self, code: Code, at: Spot, place: &str, message: Text, fix: Option<Text>) {
        let finding = self.made(code, at, place, message, fix);
        self.push(finding);
    }

    fn push(&mut self, finding: Finding) {
        if self.list.len() >= MAX_FINDINGS {
            self.cut_short = true;
            let warning = self.list.iter().rposition(|kept| kept.severity == Severity::Warning);
            match (finding.severity, warning) {
                (Severity::Error, Some(warning)) => drop(self.list.remove(warning)),
                _ => return,
            }
        }
        self.list.push(finding);
    }

    /// Adds what is found only when an option is chosen, and says so.
    pub(super) fn add_of_option(&mut self, (default, option): (&str, &str), found: Self) {
        for mut finding in found.list {
            if self.list.contains(&finding) {
                continue;
            }
            finding.message = say(
                format!("选用 {default}={option} 时：{}", finding.message.zh),
                format!("with {default}={option}: {}", finding.message.en),
            );
            self.push(finding);
        }
        self.cut_short |= found.cut_short;
    }

    /// A finding that is not added: whether it is one depends on what is not in this pack.
    pub(super) fn made(
        &self,
        code: Code,
        at: Spot,
        place: &str,
        message: Text,
        fix: Option<Text>,
    ) -> Finding {
        let severity = code.info().severity;
        let file = self.files.get(at.file).cloned().unwrap_or_default();
        let (line, column) = (at.line.max(1), at.column.max(1));
        let place = place.chars().take(MAX_PLACE_CHARS).collect();
        Finding { code, severity, file, line, column, place, message, fix }
    }

    /// There are as many errors as are kept, so nothing more needs to be looked at.
    pub(super) fn full(&self) -> bool {
        self.list.len() >= MAX_FINDINGS && self.list.iter().all(|finding| finding.severity == Severity::Error)
    }

    /// Whether one of them makes the pack unusable.
    pub(super) fn any_error(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// All of them by file, line and column, and whether there were more.
    pub(super) fn sorted(mut self) -> (Vec<Finding>, bool) {
        self.list.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.code, &a.place).cmp(&(&b.file, b.line, b.column, b.code, &b.place))
        });
        (self.list, self.cut_short)
    }
}

/// A message in both languages.
pub(super) fn say(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

/// A value in double quotes, cut to a readable length, with control characters escaped.
pub(super) fn quoted(value: &str) -> String {
    let mut chars = value.chars();
    let mut start: String = chars.by_ref().take(MAX_QUOTED_CHARS).collect();
    if chars.next().is_some() {
        start.push('…');
    }
    format!("{start:?}")
}

/// Several values in double quotes, at most eight of them.
pub(super) fn quoted_list<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    const MAX_LISTED: usize = 8;
    let mut values = values.into_iter();
    let mut listed: Vec<String> = values.by_ref().take(MAX_LISTED).map(quoted).collect();
    if values.next().is_some() {
        listed.push("…".to_owned());
    }
    listed.join(", ")
}

/// A row of the table of codes.
#[derive(Clone, Copy, Debug)]
pub struct CodeInfo {
    /// The code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Its name: Chinese, English.
    pub title: [&'static str; 2],
    /// What it means: Chinese, English.
    pub says: [&'static str; 2],
    /// What to do: Chinese, English.
    pub fix: [&'static str; 2],
}

/// Declares the codes with their rows.
macro_rules! codes {
    ($($name:ident $code:literal $severity:ident
        [$title_zh:literal, $title:literal]
        [$says_zh:literal, $says:literal]
        [$fix_zh:literal, $fix:literal])*) => {
        /// What kind of thing is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $says] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code's row.
            pub fn info(self) -> &'static CodeInfo {
                match self {
                    $(Self::$name => &CodeInfo {
                        code: $code,
                        severity: Severity::$severity,
                        title: [$title_zh, $title],
                        says: [$says_zh, $says],
                        fix: [$fix_zh, $fix],
                    },)*
                }
            }
        }
    };
}

codes! {
    Limit "FP001" Error ["超出上限", "over a limit"]
        ["文件、层级、条目或文字超出了上限。", "A file, its depth, its number of items or a text is over its limit."]
        ["拆分或精简。", "Split or shorten it."]
    NotUtf8 "FP002" Error ["不是 UTF-8", "not UTF-8"]
        ["文件不是 UTF-8 编码的文本。", "A file is not UTF-8 text."]
        ["以 UTF-8 重新保存。", "Save it again as UTF-8."]
    Syntax "FP003" Error ["YAML 语法错误", "YAML syntax"]
        ["文件不是正确的 YAML。", "A file is not valid YAML."]
        ["按所指位置改正；其后的内容尚未读取。", "Mend it at the place named; what follows was not read."]
    YamlFeature "FP004" Error ["不允许的 YAML 写法", "YAML feature not allowed"]
        ["使用了锚点、别名、标签、指令、多个文档或复合键。", "An anchor, alias, tag, directive, second document or compound key was used."]
        ["把内容直接写出来。", "Write the content out."]
    DuplicateKey "FP005" Error ["键重复", "duplicate key"]
        ["同一处的同一个键写了两次。", "A key stands twice in the same place, or a section in two files."]
        ["只保留一个。", "Keep one of them."]
    UnknownKey "FP006" Error ["未知的键", "unknown key"]
        ["此处没有这个键。", "There is no such key here."]
        ["改正拼写或删除。", "Mend the spelling or remove it."]
    MissingKey "FP007" Error ["缺少内容", "missing key"]
        ["此处必须有的内容没有写。", "Something that must stand here is missing."]
        ["补写。", "Add it."]
    WrongType "FP008" Error ["形式不对", "wrong shape"]
        ["此处应为另一种形式：文字、列表或键值。", "Another shape belongs here: a text, a list or keys with values."]
        ["改为所说的形式。", "Write it in the shape named."]
    BadValue "FP009" Error ["值不能理解", "value not understood"]
        ["值不在允许的写法之内。", "A value is not one of those that can stand here."]
        ["改为所说的写法。", "Write it as the message says."]
    Empty "FP010" Error ["内容为空", "empty"]
        ["必须有文字的地方是空的。", "A text that must say something is empty."]
        ["写上内容。", "Write it."]
    MissingTranslation "FP011" Error ["缺少译文", "missing translation"]
        ["文字只有一种语言。", "A text stands in one language only."]
        ["补上 zh 或 en。", "Add `zh` or `en`."]
    Untranslated "FP012" Warning ["疑似未翻译", "seems untranslated"]
        ["中文与英文完全相同。", "The Chinese and the English are the same."]
        ["译出其中一种；确实相同的可以不管。", "Translate one of them; leave it if it is meant."]
    BadName "FP013" Error ["名称不合规则", "name not well formed"]
        ["名称用了不允许的字符或过长。", "A name has characters that are not allowed, or is too long."]
        ["用小写字母、数字和连字符（事实用下划线）。", "Use lower-case letters, digits and hyphens (underscores for facts)."]
    DuplicateId "FP014" Error ["编号重复", "duplicate id"]
        ["两条规则用了同一个编号。", "Two rules have the same id."]
        ["改其中一个。", "Rename one of them."]
    WrongFolder "FP015" Error ["文件夹与预案不符", "folder and plan differ"]
        ["预案的编号与文件夹名不同。", "The plan's id is not the name of its folder."]
        ["改为一致。", "Make them the same."]
    NotRead "FP016" Warning ["文件未读取", "file not read"]
        ["只读取 .yaml 文件。", "Only files named `.yaml` are read."]
        ["改为 .yaml，或移出文件夹。", "Name it `.yaml`, or move it away."]
    UnknownRole "FP020" Error ["未知的机构", "unknown role"]
        ["引用了 roles 中没有的机构、岗位或队伍。", "A body, post or team is named that `roles` does not have."]
        ["改正拼写，或在 roles 中写明。", "Mend the spelling, or add it to `roles`."]
    UnknownCategory "FP021" Error ["未知的类别", "unknown category"]
        ["引用了 categories 中没有的类别。", "A category is named that `categories` does not have."]
        ["改正拼写，或在 categories 中写明。", "Mend the spelling, or add it to `categories`."]
    UnknownFact "FP022" Error ["未知的事实", "unknown fact"]
        ["条件用了 facts 中没有的事实。", "A predicate reads a fact that `facts` does not have."]
        ["改正拼写，或在 facts 中写明。", "Mend the spelling, or add it to `facts`."]
    UnknownChoice "FP023" Error ["未知的选项", "unknown choice"]
        ["与事实比较的值不是它的选项。", "A fact is compared with something that is not one of its choices."]
        ["改为其中一个选项。", "Use one of its choices."]
    UnknownLevel "FP024" Error ["未知的等级", "unknown level"]
        ["等级不是 I、II、III、IV，或不在 levels 中。", "A level is not I, II, III or IV, or `levels` does not have it."]
        ["改为预案使用的等级。", "Use a level of the plan."]
    UnknownClause "FP025" Error ["未知的条款", "unknown clause"]
        ["引用了 clauses 中没有的条款。", "A clause is named that `clauses` does not have."]
        ["改正条款号，或在 clauses 中写明。", "Mend the number, or add it to `clauses`."]
    ForeignClause "FP026" Error ["他文件的条款", "clause of another document"]
        ["规则的条款不属于本预案。", "A rule rests on a clause of another document."]
        ["引用本预案的条款；属于我方的处理写入 defaults。", "Cite the plan's own clause; settlements of ours belong in `defaults`."]
    UnknownOrder "FP027" Error ["未知的指令", "unknown order"]
        ["引用了 orders 中没有的指令。", "A kind of order is named that `orders` does not have."]
        ["改正拼写，或在 orders 中写明。", "Mend the spelling, or add it to `orders`."]
    UnknownStep "FP028" Error ["未知的步骤", "unknown step"]
        ["引用了处置规程中没有的步骤或临时状态。", "A step or a temporary state is named that the playbook does not have."]
        ["改正拼写，或在处置规程中写明。", "Mend the spelling, or add it to the playbook."]
    UnknownPart "FP029" Error ["未知的预警内容", "unknown part of warnings"]
        ["引用了 warnings 中没有的颜色、批准、版本、时期、措施或回执。", "A colour, an approval, an edition, a period, a measure or a receipt is named that `warnings` does not have."]
        ["改正拼写，或在 warnings 中写明。", "Mend the spelling, or add it to `warnings`."]
    ExprSyntax "FP030" Error ["条件的语法错误", "predicate syntax"]
        ["条件不是完整的 CEL 表达式。", "A predicate is not a complete CEL expression."]
        ["按所指位置改正。", "Mend it at the place named."]
    ExprNotAllowed "FP031" Error ["条件用了不允许的写法", "not allowed in a predicate"]
        ["条件只用 facts.名称、incident.level、response.level、比较、in、&&、||、! 和括号。", "Predicates use `facts.name`, `incident.level`, `response.level`, comparisons, `in`, `&&`, `||`, `!` and brackets only."]
        ["用这些写法表达；表达不了的，先扩展引擎。", "Say it with these; what cannot be said is a reason to extend the engine."]
    ExprType "FP032" Error ["条件的类型不符", "types in a predicate"]
        ["事实与比较的值类型不同，或条件的一部分不是“是或否”。", "A fact and what it is compared with differ in type, or a part is not yes or no."]
        ["按事实的类型书写。", "Write it by the fact's type."]
    LevelInGrading "FP033" Error ["定级规则引用了等级", "grading by the level itself"]
        ["定级规则不能以事件等级为条件。", "A grading rule reads the level that it is to decide."]
        ["只用事实。", "Use facts only."]
    NoAddressee "FP040" Error ["没有写明对象", "no addressee"]
        ["报告、请示、备案的时限或指令没有写向谁。", "A clock for a report, a request or a filing, or an order, does not say to whom."]
        ["写上 to 或 to_any_of（指令写 to 或 experts）。", "Add `to` or `to_any_of`; for an order `to` or `experts`."]
    ClockShape "FP041" Error ["时限前后不符", "clock at odds with itself"]
        ["时限的形式、限度与履行方式不相配。", "A clock's form, limit and what meets it do not fit together."]
        ["按消息所说改正。", "Mend it as the message says."]
    PercentRange "FP042" Error ["百分比超出范围", "percent out of range"]
        ["提醒的百分比须在 1% 到 100% 之间。", "A reminder stands at 1% to 100% of the span."]
        ["改到范围之内。", "Use a figure in that range."]
    NobodyStarts "FP043" Error ["无人可以启动", "nobody can start"]
        ["这一级响应没有可以启动或调整的机构。", "Nobody can start or adjust this response level."]
        ["写上 decide，或允许不经报请。", "Name who decides, or let them act without a proposal."]
    NobodyEnds "FP044" Error ["无人可以结束", "nobody can end"]
        ["这一级响应没有可以结束的机构或条件。", "Nobody can end this response level, or no condition allows it."]
        ["写上 decide 和条件。", "Name who decides, and the conditions."]
    NoResponse "FP045" Error ["等级没有响应", "level without response"]
        ["levels 中的等级没有对应的响应。", "A level of the plan has no response."]
        ["在 responses 中补写。", "Add it to `responses`."]
    FallbackCycle "FP046" Error ["替代关系成环", "fallback goes in a circle"]
        ["机构的替代者最终又指回自己，无人可以履职。", "A role's fallbacks lead back to itself, so nobody would act."]
        ["断开其中一处。", "Break the circle."]
    NoFallback "FP047" Error ["临时机构无替代者", "temporary role without fallback"]
        ["临时机构未组建时，无人履行它的职责。", "Until this temporary body is formed nobody does its duty."]
        ["写上 fallback。", "Name a `fallback`."]
    CategoryCycle "FP048" Error ["类别成环", "category is its own ancestor"]
        ["类别的上级最终又指回自己。", "A category's parents lead back to itself."]
        ["断开其中一处。", "Break the circle."]
    Unreachable "FP049" Error ["定级规则用不到", "grading rule never reached"]
        ["无论怎样回答，前面的规则总会先成立，或此规则从不成立。", "Whatever is answered, a rule above it holds first, or it never holds."]
        ["调整顺序或条件。", "Change the order or the condition."]
    GradingOrder "FP050" Error ["定级规则顺序不对", "grading rules out of order"]
        ["较轻等级的规则排在较重等级之前。", "A rule of a milder level stands above one of a worse level."]
        ["按由重到轻排列。", "List the worst level first."]
    LevelNotGraded "FP051" Warning ["没有规则给出此等级", "level no rule proposes"]
        ["没有定级规则给出这一等级。", "No grading rule proposes this level."]
        ["补写规则，或从 levels 中删去。", "Add a rule, or take the level out of `levels`."]
    TooManyCases "FP052" Warning ["组合过多，未全部检验", "too many combinations to try"]
        ["事实的组合太多，没有检验每条规则是否用得到。", "There are too many combinations of answers to try whether every rule is reached."]
        ["减少定级所用的事实。", "Grade by fewer facts."]
    DefaultUnexplained "FP053" Warning ["我方数值未说明", "default without a word of why"]
        ["时限、常规职责或预警规则标明是我方所定，但 defaults 中没有说明。", "A clock, a standing duty or a rule on warnings is marked as ours, but `defaults` does not explain it."]
        ["在 defaults 中为该条款写明问题与处理。", "Add the clause to `defaults` with the question and our answer."]
    ClauseNotCarried "FP054" Warning ["条款无人引用", "clause nothing cites"]
        ["clauses 中或标明未核对的条款，没有任何规则引用。", "A clause of `clauses`, or one that is marked as unverified, is cited by nothing."]
        ["为它写规则，或删去。", "Write a rule for it, or take it out."]
    NobodyLeads "FP055" Error ["调查无人牵头", "nobody leads the review"]
        ["有的等级没有牵头调查评估的机构。", "Nobody leads the review of incidents of some level."]
        ["在 review 的 leads 中补写。", "Add it to `leads` of `review`."]
    NoUnit "FP056" Warning ["没有事发单位", "no unit where it happened"]
        ["时限从获知事件起算，但没有机构名为 unit，登记时填写的获知时间对谁都不起作用。", "Clocks count from awareness, but no role is called `unit`, so the time of awareness given at intake counts for nobody."]
        ["把事发单位的机构命名为 unit。", "Call the role of the unit where it happened `unit`."]
    StepNobody "FP060" Error ["步骤无人办理", "step without a body"]
        ["处置规程的步骤没有写明由谁办理。", "A step of a playbook does not say who does it."]
        ["写上 by。", "Add `by`."]
    StepLoop "FP061" Error ["步骤成环", "loop without exit"]
        ["步骤等待列在其后的步骤，或答案引回列在其前的步骤。", "A step waits for one below it, or an answer leads back to one above it, so the walk has no end."]
        ["只等待列在前面的步骤，只引向列在后面的步骤；不能治愈的，用一个答案上报。", "Wait only for steps above, lead only to steps below; what cannot be cured is raised by an answer."]
    StepUnreached "FP062" Error ["步骤走不到", "step nobody reaches"]
        ["没有任何答案会引到这一步骤，或它的条件从不成立。", "No answer ever leads to this step, or its condition never holds."]
        ["在某个答案的 steps 中写上，或删去。", "Name it in the `steps` of an answer, or remove it."]
    GateNobody "FP063" Error ["无人可以放行", "gate nobody opens"]
        ["等待另一机构的步骤，没有写明该机构不到场时由谁放行。", "A step waits for another body, and nobody may waive that if it never comes."]
        ["写上 waive。", "Add `waive`."]
    StateNotClosed "FP064" Error ["临时状态不关闭", "state never closed"]
        ["打开临时状态的步骤之后，没有必经的步骤把它关闭。", "After a step that opens a temporary state no step is sure to close it."]
        ["在其后写一个必经的步骤，并写上 closes。", "Add a step behind it that cannot be left out, with `closes`."]
    StepShape "FP065" Error ["步骤前后不符", "step at odds with itself"]
        ["步骤的条件、问题、提前办理或权限不相配。", "A step's condition, question, order or permission do not fit together."]
        ["按消息所说改正。", "Mend it as the message says."]
    DutyShape "FP070" Error ["常规职责前后不符", "standing duty at odds with itself"]
        ["常规职责没有写明何时履行，或写了互不相配的内容。", "A standing duty does not say when it is owed, or says what does not go together."]
        ["按消息所说改正。", "Mend it as the message says."]
    DutyNoProof "FP071" Error ["常规职责无从证明", "standing duty without proof"]
        ["常规职责没有写明记录须写什么。", "A standing duty does not say what a record of it must hold."]
        ["写上 proof、document 或 receipts。", "Add `proof`, `document` or `receipts`."]
    NoParent "FP072" Error ["没有上级预案", "no plan above"]
        ["常规职责等待上级预案的新版本，但 beside 中没有写明上级预案。", "A standing duty waits for new versions of a plan above, and `beside` names none."]
        ["在 beside 中写明上级预案（relation: parent），或改为其他时机。", "Name the plan above in `beside` (`relation: parent`), or say otherwise when it is owed."]
    ParentElsewhere "FP073" Warning ["上级预案不在此处", "plan above not at hand"]
        ["beside 写明的上级预案不在现有预案之中；它可能在另一节点。", "The plan that `beside` names as the one above is not among the packs at hand; it may be on another node."]
        ["核对编号；确在他处的可以不管。", "Check the id; leave it if the plan is elsewhere."]
    NeverHolds "FP080" Error ["条件从不成立", "condition that never holds"]
        ["时限、指令、处置规程或发布规则的条件，无论怎样回答、定为哪一级都不成立。", "Whatever is answered and whatever the level, the condition of a clock, an order, a playbook or a publication does not hold."]
        ["改正条件，或删去这条规则。", "Mend the condition, or remove the rule."]
    NothingStarts "FP081" Error ["没有什么能启动它", "nothing can start it"]
        ["时限所等的指令从不下达给应履行的机构，或所等的报告该机构既不作出也不收到；或处置规程的类别都由其他预案管辖。", "A clock waits for an order that is never given to whoever owes the duty, or for a report that they neither make nor get; or another plan governs every category of a playbook."]
        ["改为可以接到指令或报告的机构，或本预案管辖的类别。", "Name a body that can be given the order or the report, or a category that this plan governs."]
    NothingMeets "FP082" Error ["没有什么能履行它", "nothing can meet it"]
        ["履行时限所需的事在本预案中不会发生，或总在时限失效之后才发生。", "What meets the clock cannot happen under this plan, or only once the clock has fallen away."]
        ["写上预案所缺的内容，或改 met_by、to 或 starts。", "Add what the plan lacks, or change `met_by`, `to` or `starts`."]
    NotTheirs "FP083" Warning ["义务机构无权办理", "owed by a body that may not do it"]
        ["履行时限的事由别的机构办理，义务机构只能催办。", "The bodies that owe the duty may not do what meets it, so they can only wait for another body."]
        ["改 duty 的 of，或给该机构这项权限。", "Change `of` in the duty, or let that body act."]
    ClockDead "FP084" Error ["时限从不起作用", "clock that never matters"]
        ["凡适用此时限之处，同一义务总有另一个更短的时限。", "Wherever this clock applies, another one asks for the same act sooner."]
        ["删去较长的时限，或把条件分开。", "Remove the longer clock, or set the conditions apart."]
    ClocksConflict "FP085" Warning ["两个时限冲突", "two clocks in conflict"]
        ["在有的情形下，同一义务有两个不同的时限。", "In some cases the same duty has two different limits."]
        ["写明各自的条件，使其不同时成立。", "Write the conditions so that they do not hold together."]
    DueTooSoon "FP086" Error ["期限短于必经环节", "due before what it waits for"]
        ["预案允许在此时限之前必须完成的事，比此时限用时更长。", "What has to happen before the duty can be done may take longer than the limit of the duty."]
        ["放宽此时限，或收紧前面的时限。", "Give it more time, or what comes before it less."]
    LeadNeverReached "FP087" Error ["牵头规则用不到", "review lead never reached"]
        ["无论怎样回答，前面的牵头规则总会先成立，或此规则从不成立。", "Whatever is answered, an entry of `leads` above holds first, or this one never holds."]
        ["调整顺序或条件。", "Change the order or the condition."]
    PublicationsOverlap "FP088" Warning ["发布规则重叠", "publications overlap"]
        ["对同一受众，有的情形下两条发布规则同时适用，而起草、批准或发布的机构不同。", "In some cases two rules for the same audience apply, with different bodies to draft, approve or release."]
        ["把条件分开，或写明不同的受众。", "Set the conditions apart, or name different audiences."]
    WarningShape "FP090" Error ["预警规则前后不符", "rule on warnings at odds with itself"]
        ["预警的颜色、权限、变更、措施或时期的各项不相配。", "What a colour, a right, a change, a measure or a period of warnings says does not fit together."]
        ["按消息所说改正。", "Mend it as the message says."]
    ColourNobody "FP091" Error ["无人可以发布此颜色", "colour nobody may issue"]
        ["没有任何机构可以发布这种颜色的预警。", "Nobody may issue a warning of this colour, however far it reaches."]
        ["在 rights 中写明由谁发布。", "Say in `rights` who issues it."]
    ColourNotProposed "FP092" Warning ["没有规则给出此颜色", "colour no rule reaches"]
        ["无论怎样回答，都不会建议这种颜色。", "Whatever is answered, this colour is never the one proposed."]
        ["补写规则，或从 colours 中删去。", "Add a rule, or take the colour out of `colours`."]
    ColourNoMeasures "FP093" Warning ["颜色没有响应措施", "colour without measures"]
        ["这种颜色的预警发布后没有任何措施，也没有写明措施由预警自己提出。", "A warning of this colour obliges to nothing, and it is not said that each warning names its own measures."]
        ["补写 measures，或写上 own_measures。", "Add `measures`, or `own_measures`."]
    HolidaysMissing "FP095" Warning ["缺少节假日", "days off not known"]
        ["有规则按工作日计算，但预案没有 holidays，或其年份不连续。", "A rule counts working days, and the pack has no `holidays`, or a gap between its years."]
        ["在 holidays 中逐年补写；没有的年份只除去周末。", "Add the years to `holidays`; of a year that is not there only weekends are off."]
    HolidaysRunOut "FP096" Warning ["节假日已到期", "days off run out"]
        ["所查日期当年或即将到来的一年没有节假日，而有规则按工作日计算。", "A rule counts working days, and `holidays` does not have the year of the day asked about, or the one about to begin."]
        ["放假安排公布后补入 holidays。", "Add the year to `holidays` once it is announced."]
    OptionUnknown "FP100" Error ["选定了没有的选项", "chosen option that is not there"]
        ["chosen 写的默认处理或选项，defaults 中没有。", "`chosen` names a default or an option that `defaults` does not have."]
        ["写 defaults 中的编号。", "Name what stands in `defaults`."]
    OptionNoPlace "FP101" Error ["选项所改之处不存在", "option that changes what is not there"]
        ["选项要更改不可更改的一节，或去掉并不存在的内容。", "An option changes a section that is fixed, or takes away what is not there."]
        ["写所改之处原有的编号。", "Name what stands where the change is to be made."]
    OptionIdle "FP102" Error ["选项没有改变", "option that changes nothing"]
        ["选用这个选项后，预案的规则与不选用时相同。", "With the option chosen, the rules of the plan are the same as without."]
        ["写明它改变什么，或删去。", "Say what it changes, or remove it."]
    StageLoop "FP110" Error ["阶段没有先后", "stages without order"]
        ["时限的 after 写了它自己或列在其后的时限，可能互相等待。", "A clock comes after its own report, or after that of a clock listed below it, so that they may wait for each other."]
        ["各阶段按先后列出，after 只写列在前面的时限。", "List the stages in their order; `after` names clocks above only."]
    StageApart "FP111" Warning ["阶段不能接续", "stages that do not follow"]
        ["时限与 after 所写的时限从不同时适用，只有中途改变等级或答案才会启动或履行。", "A clock never applies together with any of those it comes after, so that only a change of level or answers in between leads to it."]
        ["使条件相容，或改 after。", "Write the conditions so that they can hold together, or change `after`."]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_rise() {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.info().code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }

    #[test]
    fn an_error_takes_the_place_of_a_warning_when_there_are_too_many() {
        let mut findings = Findings::new(vec!["f".to_owned()]);
        let mut add = |code, line| {
            findings.add(code, Spot { line, ..Spot::default() }, "", say("是", "yes"), None);
            findings.full()
        };
        for line in 1..=200 {
            assert!(!add(Code::Untranslated, line));
        }
        let full: Vec<u32> = (201..=500).filter(|line| add(Code::BadValue, *line)).collect();
        assert_eq!(full, (400..=500).collect::<Vec<_>>());
        let (list, cut_short) = findings.sorted();
        assert!(cut_short);
        assert_eq!(
            list.iter().map(|finding| finding.line).collect::<Vec<_>>(),
            (201..=400).collect::<Vec<_>>()
        );
    }

    #[test]
    fn every_row_speaks_both_languages() {
        for code in Code::ALL {
            let info = code.info();
            for [zh, en] in [info.title, info.says, info.fix] {
                assert!(zh.chars().any(|c| c > '\u{2E80}'), "{}: {zh}", info.code);
                assert!(en.is_ascii(), "{}: {en}", info.code);
            }
        }
    }

    #[test]
    fn long_and_odd_values_are_quoted_safely() {
        for (value, expected) in [
            ("a", "\"a\""),
            ("值班室", "\"值班室\""),
            ("a\u{1b}[31m", "\"a\\u{1b}[31m\""),
            ("say \"x\"", "\"say \\\"x\\\"\""),
        ] {
            assert_eq!(quoted(value), expected);
        }
        assert_eq!(quoted(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }
}
