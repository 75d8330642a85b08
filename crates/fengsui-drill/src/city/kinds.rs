//! The units of the city and the kinds of event that befall them. All names are invented.

use fengsui_domain::event::Source;

/// A unit.
pub(super) struct Unit {
    /// Its name: Chinese, English.
    pub(super) name: [&'static str; 2],
    /// Its domain.
    pub(super) domain: &'static str,
}

/// A kind of event.
pub(super) struct Kind {
    /// One line: Chinese, English.
    pub(super) title: [&'static str; 2],
    /// What happened.
    pub(super) details: [&'static str; 2],
    /// Where it comes from.
    pub(super) source: Source,
    /// The host it is about.
    pub(super) host: &'static str,
    /// The plan it is dealt with under.
    pub(super) plan: &'static str,
    /// Its class there.
    pub(super) category: &'static str,
    /// What is so, besides how it spreads.
    pub(super) facts: &'static [(&'static str, &'static str)],
    /// The playbook that is walked.
    pub(super) playbook: Option<&'static str>,
}

const INTERNET: &str = "jincheng-internet-2008";
const EGOV: &str = "jincheng-egov-2008";

pub(super) const UNITS: &[Unit] = &[
    Unit { name: ["城东自来水公司", "East Water Company"], domain: "water.example" },
    Unit { name: ["市第六中学", "Sixth Middle School"], domain: "school6.example" },
    Unit { name: ["白马寺社区医院", "White Horse Community Hospital"], domain: "hospital.example" },
    Unit { name: ["市政务服务大厅", "City Service Hall"], domain: "hall.example" },
    Unit { name: ["丹河热力公司", "Dan River Heating"], domain: "heating.example" },
    Unit { name: ["市公共图书馆", "Public Library"], domain: "library.example" },
    Unit { name: ["城市公交集团", "City Bus Group"], domain: "bus.example" },
    Unit { name: ["太行文化传媒", "Taihang Media"], domain: "media.example" },
    Unit { name: ["市不动产登记中心", "Land Registry"], domain: "registry.example" },
    Unit { name: ["凤台商业银行", "Fengtai Bank"], domain: "bank.example" },
    Unit { name: ["市气象服务站", "Weather Service"], domain: "weather.example" },
    Unit { name: ["泽州职业学院", "Zezhou College"], domain: "college.example" },
];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        title: ["邮件服务器外发垃圾邮件", "mail server sends spam"],
        details: [
            "邮件队列异常，主机发现可疑进程。",
            "The mail queue is swollen; a suspicious process runs on the host.",
        ],
        source: Source::Report,
        host: "mail",
        plan: INTERNET,
        category: "attack",
        facts: &[("vital_system", "false"), ("individual_units", "false")],
        playbook: None,
    },
    Kind {
        title: ["远程登录口令爆破", "password guessing on remote login"],
        details: ["大量失败登录，来源分散。", "Failed logins in great number from many places."],
        source: Source::Monitoring,
        host: "vpn",
        plan: INTERNET,
        category: "attack",
        facts: &[("vital_system", "false"), ("individual_units", "false")],
        playbook: None,
    },
    Kind {
        title: ["办公终端感染勒索软件", "ransomware on an office machine"],
        details: ["文件被加密，桌面出现勒索信。", "Files are encrypted, and a note is on the desktop."],
        source: Source::Report,
        host: "pc-17",
        plan: INTERNET,
        category: "attack",
        facts: &[("vital_system", "false"), ("individual_units", "false")],
        playbook: None,
    },
    Kind {
        title: ["通报：存在高危漏洞的系统", "circular: a system with a grave vulnerability"],
        details: [
            "上级通报该系统存在可远程利用的漏洞。",
            "A circular says that the system can be taken over from outside.",
        ],
        source: Source::Circular,
        host: "oa",
        plan: INTERNET,
        category: "attack",
        facts: &[("vital_system", "false"), ("individual_units", "false")],
        playbook: None,
    },
    Kind {
        title: ["核心交换机故障", "core switch fails"],
        details: ["主备切换失败，业务短时中断。", "The switch-over failed, and service was interrupted."],
        source: Source::Monitoring,
        host: "core-sw",
        plan: INTERNET,
        category: "fault",
        facts: &[("vital_system", "false"), ("individual_units", "false")],
        playbook: None,
    },
    Kind {
        title: ["门户首页被篡改", "home page replaced"],
        details: ["首页出现非法信息。", "The home page shows unlawful content."],
        source: Source::Report,
        host: "www",
        plan: EGOV,
        category: "attack",
        facts: &[("asset_kind", "website"), ("vital_system", "false"), ("individual_units", "false")],
        playbook: Some("website-tampering"),
    },
    Kind {
        title: ["服务器感染病毒", "server infected"],
        details: ["杀毒软件反复告警。", "The anti-virus software keeps raising alarms."],
        source: Source::Report,
        host: "files",
        plan: EGOV,
        category: "attack",
        facts: &[("asset_kind", "business-system"), ("vital_system", "false"), ("individual_units", "false")],
        playbook: Some("virus-outbreak"),
    },
    Kind {
        title: ["业务系统被入侵", "business system intruded"],
        details: ["出现未知管理员账号。", "An unknown administrator appeared."],
        source: Source::Monitoring,
        host: "app",
        plan: EGOV,
        category: "attack",
        facts: &[("asset_kind", "business-system"), ("vital_system", "false"), ("individual_units", "false")],
        playbook: Some("intrusion"),
    },
    Kind {
        title: ["接入专线中断", "leased line down"],
        details: ["光路无信号。", "No light on the fibre."],
        source: Source::Report,
        host: "line",
        plan: EGOV,
        category: "fault",
        facts: &[("asset_kind", "other"), ("vital_system", "false"), ("individual_units", "false")],
        playbook: Some("line-fault"),
    },
    Kind {
        title: ["数据表被误删", "table deleted by mistake"],
        details: ["维护脚本误删数据。", "A maintenance script deleted data."],
        source: Source::Report,
        host: "db",
        plan: EGOV,
        category: "fault",
        facts: &[("asset_kind", "business-system"), ("vital_system", "false"), ("individual_units", "false")],
        playbook: Some("data-loss"),
    },
];
