//! Fills a data folder with a history as large as wanted: `fill FOLDER INCIDENTS [OPEN]`; with `FENGSUI_DATABASE` the
//! database of a server.
//!
//! Every event, judgement and remark goes through the real service and the real writer, many at a time, so that
//! they share syncs. Time is virtual: the incidents are spread over the ninety days before now. The last `OPEN` of
//! them (one in ten if not said) stay open with their clocks; the others were withdrawn, and their events judged
//! anew. Words are drawn by dice of a fixed seed, so two stores of one size hold the same texts.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use fengsui_domain::account::AccountWords;
use fengsui_domain::actor::{Actor, By};
use fengsui_domain::event::Source;
use fengsui_domain::incident::Command;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::CategoryId;
use fengsui_drill::environment::{Clock, Dice};
use fengsui_service::events::{EventWords, Triage};
use fengsui_service::{Caller, Environment, Options, Service};
use jiff::SignedDuration;

/// Hands at work at once: enough to fill two groups of the writer.
const HANDS: u64 = 512;
/// The seed of all words.
const SEED: u64 = 1;
/// Hours over which the history is spread: ninety days.
const HOURS: i64 = 90 * 24;
/// Incidents between two lines that tell how far it is.
const EVERY: u64 = 10_000;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const UNITS: [&str; 12] = [
    "市第一人民医院",
    "市教育局",
    "泽州供电公司",
    "市水务集团",
    "City Library",
    "市公交公司",
    "晋城日报社",
    "Jincheng College",
    "市住房公积金中心",
    "高平市政务服务中心",
    "Hospital No. 2",
    "市广播电视台",
];
const WHATS: [&str; 10] = [
    "勒索软件加密了文件服务器",
    "网页被篡改",
    "phishing mail to the finance office",
    "域名解析被劫持",
    "大量异常登录失败",
    "DDoS against the public portal",
    "内网主机外联可疑地址",
    "数据库备份被外传",
    "webshell found on the portal",
    "办公系统账号被盗用",
];
const SENTENCES: [&str; 16] = [
    "值班人员发现主机处理器占用率持续升高，随后业务系统无法登录。",
    "初步判断为勒索软件，文件扩展名被改写，桌面留有索要赎金的文本。",
    "已断开受影响主机的网络连接，并保留内存镜像和系统日志。",
    "防火墙日志显示凌晨三点起有大量来自境外地址的连接请求。",
    "运维单位正在核对备份的完整性，预计两小时内恢复对外服务。",
    "尚未发现个人信息泄露的迹象，仍在进一步排查。",
    "The duty officer disconnected the affected host and kept its memory image.",
    "Outbound connections to an unknown address were seen every sixty seconds.",
    "Mail gateways quarantined further copies of the message within ten minutes.",
    "Backups of the previous night were verified and are complete.",
    "No sign of lateral movement was found in the logs of the domain controllers.",
    "The unit reports that the public portal is reachable again.",
    "技术支援队伍已到达现场，协助分析恶意程序样本。",
    "同网段其他主机已完成病毒查杀和补丁更新。",
    "Credentials of three accounts were reset and their sessions ended.",
    "请各成员单位注意防范同类事件，发现情况立即报告。",
];
const NOTES: [&str; 6] = [
    "已电话通知单位负责人，对方确认收到。",
    "补丁已全部安装完毕，继续观察二十四小时。",
    "Vendor was asked for a decryption tool; answer expected tomorrow.",
    "网络中断期间改用纸质登记，业务未停。",
    "Forensic copy handed to the technical team, seal unbroken.",
    "复查未见异常，建议结束。",
];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: fill FOLDER INCIDENTS [OPEN]";
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    let incidents: u64 = arguments.next().ok_or(usage)?.parse()?;
    let open = arguments.next().map_or(Ok(incidents / 10), |text| text.parse::<u64>())?;
    tokio::runtime::Builder::new_multi_thread().build()?.block_on(fill(folder, incidents, open))
}

async fn fill(folder: PathBuf, incidents: u64, open: u64) -> Outcome<()> {
    let began = Instant::now();
    let from = Environment::system().now().checked_sub(SignedDuration::from_hours(HOURS))?;
    let clock = Clock::at(from);
    let environment = Environment { time: Arc::<Clock>::clone(&clock), ..Environment::system() };
    let database = std::env::var("FENGSUI_DATABASE").ok();
    let service =
        Service::open(Options { folder, name: "bench.scale".into(), database }, environment).await?;
    let officer = officer(&service).await?;
    let (next, pace) = (Arc::new(AtomicU64::new(0)), SignedDuration::from_hours(HOURS).as_secs());
    let mut hands = tokio::task::JoinSet::new();
    for _ in 0..HANDS {
        let (service, officer, next, clock) =
            (service.clone(), officer.clone(), Arc::clone(&next), Arc::clone(&clock));
        hands.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= incidents {
                    return Outcome::Ok(());
                }
                let passed = pace * i64::try_from(number)? / i64::try_from(incidents)?;
                clock.set(from.checked_add(SignedDuration::from_secs(passed))?);
                one(&service, &officer, number, number + open >= incidents).await?;
                if (number + 1) % EVERY == 0 {
                    eprintln!("{} incidents, {:.1} s", number + 1, began.elapsed().as_secs_f64());
                }
            }
        });
    }
    while let Some(done) = hands.join_next().await {
        done??;
    }
    println!(
        "{{\"incidents\":{incidents},\"open\":{open},\"entries\":{},\"seconds\":{:.3}}}",
        service.store().ledger_size().await?,
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Somebody who may judge and work.
async fn officer(service: &Service) -> Outcome<Caller> {
    let administrator = Caller::new(Actor {
        by: By::Console,
        roles: BTreeSet::from([SystemRole::Administrator]),
        bodies: BTreeSet::new(),
        scopes: BTreeSet::new(),
    });
    let words = AccountWords {
        name: "bench".into(),
        display: "Bench".into(),
        roles: BTreeSet::from([SystemRole::DutyOfficer, SystemRole::Commander]),
        bodies: BTreeSet::new(),
    };
    let account = service.account_create(&administrator, words).await?.0.value;
    Ok(Caller::new(account.actor()))
}

/// One incident from its report to its end.
async fn one(service: &Service, officer: &Caller, number: u64, stays_open: bool) -> Outcome<()> {
    let dice = Dice::new(SEED, number + 2);
    let title = format!("{}（第 {} 号）", dice.pick(&WHATS), number + 1);
    let details: Vec<&str> = (0..11).map(|_| *dice.pick(&SENTENCES)).collect();
    let event = service
        .event_record(
            officer,
            EventWords {
                title,
                details: details.join(" "),
                source: Source::Report,
                sender: "市网安办".into(),
                unit: (*dice.pick(&UNITS)).into(),
                asset: format!("host-{}.example", dice.below(5_000)),
                occurred_at: None,
                aware_at: None,
                points: BTreeMap::new(),
                reporter: String::new(),
                lines: Vec::new(),
                sightings: None,
            },
        )
        .await?
        .value;
    let triage = Triage::Incident {
        plan: None,
        beside: Vec::new(),
        title: String::new(),
        category: CategoryId::new("attack"),
        level: *dice.pick(&[IncidentLevel::II, IncidentLevel::III, IncidentLevel::IV, IncidentLevel::IV]),
        reason: "按规程初判".into(),
        answers: BTreeMap::new(),
        parent: None,
    };
    let event = service.event_triage(officer, event.id, triage).await?.value;
    let incident = event.incident().ok_or("the event has no incident")?;
    for _ in 0..2 {
        let text = format!("{} {}", dice.pick(&NOTES), dice.pick(&SENTENCES));
        service.incident_command(officer, incident, Command::Note { text }).await?;
    }
    if stays_open {
        return Ok(());
    }
    service
        .incident_command(officer, incident, Command::Withdraw { reason: "复核后不属网络安全事件".into() })
        .await?;
    let triage = Triage::FalsePositive { reason: "误报".into(), done: "已调整规则".into() };
    service.event_triage(officer, event.id, triage).await?;
    Ok(())
}
