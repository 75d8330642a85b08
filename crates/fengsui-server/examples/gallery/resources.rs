//! The emergency database.

use fengsui_server::console::view::form::{FieldProblem, Form, Forms};
use fengsui_server::console::view::parts::{Gate, Pager};
use fengsui_server::console::view::render;
use fengsui_server::console::view::resource::{
    Contact, OfferPage, OfferRow, ResourceImport, ResourceList, ResourcePage, ResourceRow, RowReject,
};
use fengsui_server::console::view::words::{Expertise, ResourceKind, Section, Standing};

use super::Page;
use super::sample::{Look, forms, pager};

pub(crate) fn pages(look: Look) -> Vec<Page> {
    let failed = Form::new("add").with("title", look.say("备用防火墙", "Spare firewall")).fail(
        "holder",
        look.lang.t("resource-holder"),
        FieldProblem::Required.text(look.lang),
    );
    vec![
        page("resources", &list(look, rows(look), pager(4), Forms::default())),
        page("resources-empty", &list(look, Vec::new(), Pager::default(), Forms::default())),
        page("resources-failed", &list(look, rows(look), Pager::default(), forms([failed]))),
        page("resource", &one(look, 0, false)),
        page("resource-revealed", &one(look, 0, true)),
        page("resource-retired", &one(look, 3, false)),
        page("resources-import", &import(look)),
        page("resources-offers", &offers(look)),
    ]
}

fn page(name: &'static str, view: &impl askama::Template) -> Page {
    (name, render(view).expect("templates only fail on a failing writer"))
}

fn rows(look: Look) -> Vec<ResourceRow> {
    let row = |kind, zh: &str, en: &str, holder: (&str, &str), standing, retired| ResourceRow {
        href: "/resources/r0".to_owned(),
        kind,
        title: look.say(zh, en),
        model: String::new(),
        fields: if kind == ResourceKind::Expert { vec![Expertise::InformationSecurity] } else { Vec::new() },
        categories: vec![look.say("攻击类事件", "Attack")],
        holder: look.say(holder.0, holder.1),
        place: look.say("3 号柜", "Rack 3"),
        quantity: if kind == ResourceKind::Expert { String::new() } else { look.say("2 台", "2 sets") },
        standing,
        retired,
        checked_at: look.at(-86_400 * 12),
    };
    let (police, centre) = (("市公安局", "City police"), ("市信息中心", "City information centre"));
    vec![
        row(
            ResourceKind::Expert,
            "勒索病毒分析专家",
            "Ransomware analyst",
            police,
            Standing::Available,
            false,
        ),
        row(ResourceKind::SecurityDevice, "备用防火墙", "Spare firewall", centre, Standing::InUse, false),
        row(ResourceKind::Computer, "备用服务器", "Spare server", centre, Standing::OutOfService, false),
        row(ResourceKind::Software, "旧版杀毒软件", "Old antivirus", centre, Standing::Available, true),
    ]
}

fn list(look: Look, rows: Vec<ResourceRow>, pager: Pager, forms: Forms) -> ResourceList {
    ResourceList {
        shell: look.shell("应急数据库", "Emergency database", Section::Resources),
        form: Form::new("filter"),
        states: look.choices(&[("available", "可用", "Available"), ("retired", "已移出登记", "Retired")]),
        categories: look.choices(&[("jincheng-internet-2008/attack", "攻击类事件", "Attack")]),
        rows,
        pager,
        manage: Gate::Open,
        forms,
        limit: "8 MB".to_owned(),
    }
}

fn one(look: Look, which: usize, revealed: bool) -> ResourcePage {
    let row = rows(look)[which].clone();
    let text = if revealed {
        look.say("张三 139 0000 0000", "Zhang San 139 0000 0000")
    } else {
        "＊＊＊".into()
    };
    ResourcePage {
        shell: look.shell("资源", "Resource", Section::Resources),
        id: "r0".to_owned(),
        description: look.say("勒索病毒取证、解密与恢复。", "Forensics, decryption and recovery."),
        keywords: vec![look.say("勒索", "ransomware")],
        rank: look.say("市级", "City"),
        note: look.say("在市一中协助处置", "At work in No. 1 school"),
        checked_by: look.say("王敏", "Wang Min"),
        retired: row.retired.then(|| look.say("已停止更新", "No longer updated")),
        contact: (!row.retired).then_some(Contact { text, revealed }),
        history: vec![
            look.act(-600, 0, "检查：可用", "Checked: Available"),
            look.act(-86_400, 0, "添加", "Added"),
        ],
        categories: look.choices(&[("jincheng-internet-2008/attack", "攻击类事件", "Attack")]),
        manage: if row.retired { Gate::Hidden } else { Gate::Open },
        revision: 2,
        forms: Forms::default(),
        row,
    }
}

fn import(look: Look) -> ResourceImport {
    let reject = |line, column: &str, key: &str| RowReject {
        line,
        column: column.to_owned(),
        reason: look.lang.t(key).into_owned(),
    };
    ResourceImport {
        shell: look.shell("导入结果", "Import", Section::Resources),
        new: 41,
        updated: 3,
        unchanged: 120,
        rejected: 2,
        rejects: vec![reject(7, "kind", "row-unknown"), reject(19, "", "row-quote")],
    }
}

fn offers(look: Look) -> OfferPage {
    let row = |kind, zh: &str, en: &str, standing, score, reasons: &[(&str, &str)]| OfferRow {
        href: "/resources/r0".to_owned(),
        kind,
        title: look.say(zh, en),
        holder: look.say("市公安局", "City police"),
        standing,
        score,
        reasons: reasons.iter().map(|(zh, en)| look.say(zh, en)).collect(),
    };
    let category = ("类别相同：攻击类事件", "Same category: Attack");
    let words = ("相同字词：勒索、病毒、索病", "Shared words: 勒索, 病毒, 索病");
    let expert = Some(Standing::Available);
    OfferPage {
        shell: look.shell("为事件查找资源", "Resources for an incident", Section::Resources),
        form: Form::new("filter").with("incident", "I-2026-000012"),
        incident: Some(look.incident(0)),
        offers: vec![
            row(
                ResourceKind::Expert,
                "勒索病毒分析专家",
                "Ransomware analyst",
                expert,
                56,
                &[category, words],
            ),
            row(
                ResourceKind::Case,
                "I-2026-000004 县医院感染勒索病毒",
                "I-2026-000004 County hospital hit by ransomware",
                None,
                40,
                &[category],
            ),
        ],
        complete: false,
    }
}
