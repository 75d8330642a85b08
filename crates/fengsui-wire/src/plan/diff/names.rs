//! What sections and fields of a plan are called in a comparison.

use fengsui_domain::plan::Lang;

/// The sections that are compared, in the order of the document: key, Chinese, English.
pub(super) const SECTIONS: [(&str, &str, &str); 31] = [
    ("id", "编号", "Id"),
    ("title", "名称", "Title"),
    ("document", "文号", "Document"),
    ("issuer", "印发机关", "Issuer"),
    ("in_force", "施行", "In force"),
    ("notice", "印发", "Notice"),
    ("aims", "目的与原则", "Aims and principles"),
    ("basis", "编制依据", "Basis"),
    ("zone", "时区", "Time zone"),
    ("clauses", "条款", "Clauses"),
    ("roles", "机构", "Roles"),
    ("categories", "分类", "Categories"),
    ("facts", "需查明的情况", "Questions"),
    ("levels", "等级", "Levels"),
    ("grading", "定级", "Grading"),
    ("grading/rules", "定级规则", "Grading rules"),
    ("sources", "信息来源", "Sources"),
    ("intake", "接报要点", "Intake"),
    ("triage", "判断", "Triage"),
    ("clocks", "时限", "Clocks"),
    ("responses", "应急响应", "Responses"),
    ("immediate_actions", "即时处置", "Immediate actions"),
    ("disposal", "处置方案", "Disposal plan"),
    ("orders", "指令", "Orders"),
    ("grants", "授权", "Operating permissions"),
    ("review", "调查与评估", "Review"),
    ("filing", "备案", "Filing"),
    ("publications", "信息发布", "Publication"),
    ("duties", "常规职责", "Standing duties"),
    ("defaults", "我方处理", "Settlements"),
    ("beside", "与其他预案同时适用", "Beside other plans"),
];

/// Fields: key, Chinese, English.
const FIELDS: &[(&str, &str, &str)] = &[
    ("title", "名称", "title"),
    ("clause", "条款", "clause"),
    ("when", "适用条件", "applies when"),
    ("of", "义务方", "obliged"),
    ("to", "对象", "to"),
    ("to_each", "每一对象都出具回执", "a receipt from each"),
    ("from", "下达方", "from"),
    ("any_addressee", "任一对象即可", "any addressee is enough"),
    ("form", "形式", "form"),
    ("starts", "起算", "counts from"),
    ("at_once", "立即", "at once"),
    ("within_s", "期限", "within"),
    ("met_by", "完成条件", "met by"),
    ("escalate", "逐级提醒", "escalation"),
    ("at_percent", "百分比", "at percent"),
    ("extendable_by", "可批准延期", "may be extended by"),
    ("is_default", "我方数值", "our figure"),
    ("level", "等级", "level"),
    ("says", "规定", "says"),
    ("judge", "须人判断", "a person must judge"),
    ("order", "顺序", "order"),
    ("confirmed_by", "确认", "confirmed by"),
    ("duty", "职责", "duty"),
    ("fallback", "替代者", "fallback"),
    ("temporary", "临时机构", "temporary"),
    ("parent", "上级类别", "wider category"),
    ("relation", "关系", "relation"),
    ("bodies", "相同机构", "same bodies"),
    ("facts", "相同情况", "same questions"),
    ("maps_to", "对应类别", "maps to"),
    ("describes", "说明", "describes"),
    ("hint", "填写说明", "how to answer"),
    ("kind", "答案形式", "kind of answer"),
    ("judged_by", "由谁判断", "judged by"),
    ("needs_reason", "须说明理由", "needs a reason"),
    ("propose", "建议", "proposes"),
    ("decide", "决定", "decides"),
    ("without_proposal", "可直接决定", "without a proposal"),
    ("two_person", "须两人", "two persons"),
    ("headquarters", "指挥部", "headquarters"),
    ("start", "启动", "start"),
    ("adjust", "调整", "adjust"),
    ("end", "结束", "end"),
    ("end_when", "结束条件", "may end when"),
    ("by", "承担者", "by"),
    ("draft", "制订", "draft"),
    ("verify", "检验", "verify"),
    ("sum_up", "汇总", "sum up"),
    ("approve", "批准", "approve"),
    ("execute", "实施", "execute"),
    ("resources", "资源指令", "orders for resources"),
    ("release", "发布", "release"),
    ("audience", "对象", "audience"),
    ("topics", "内容", "contents"),
    ("led_by", "牵头", "led by"),
    ("leads", "牵头", "led by"),
    ("plan_change", "预案修改", "change of the plan"),
    ("notify", "告知", "is told"),
    ("question", "问题", "open question"),
    ("answer", "处理", "our answer"),
    ("until", "止", "until"),
    ("experts", "专家领域", "fields of expertise"),
    ("aftermath", "善后", "aftermath"),
    ("action", "处置措施", "action"),
    ("repeats", "重复", "repeats"),
    ("every", "周期", "every"),
    ("times", "次数", "times"),
    ("by_time", "时刻", "by time"),
    ("settable", "单位可另定周期", "a unit may set the rhythm"),
    ("test", "核实内容", "vouched for"),
    ("number", "数值", "number"),
    ("unit", "单位", "unit"),
    ("renew_months", "重新核实的月数", "months until vouched for anew"),
    ("within_days", "变更后的日数", "days after a change"),
    ("proof", "记录内容", "proof"),
    ("document", "文件", "document"),
    ("receipts_from", "回执", "receipts from"),
    ("receipts_clause", "回执条款", "clause of the receipts"),
];

fn named(
    table: &[(&'static str, &'static str, &'static str)],
    key: &str,
    lang: Lang,
) -> Option<&'static str> {
    let row = table.iter().find(|row| row.0 == key)?;
    Some(if lang == Lang::Zh { row.1 } else { row.2 })
}

/// What a section is called.
pub(super) fn section_name(section: &str, lang: Lang) -> String {
    named(&SECTIONS, section, lang).unwrap_or(section).to_owned()
}

/// What a field is called; parts of parts with their parents before them.
pub(super) fn field_name(field: &str, lang: Lang) -> String {
    let parts: Vec<&str> = field.split('/').map(|part| named(FIELDS, part, lang).unwrap_or(part)).collect();
    parts.join(" · ")
}
