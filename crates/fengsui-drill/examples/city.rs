//! A city in virtual time, measured: `city EVENTS HOURS`. Prints one JSON object at each quarter of the time.

use std::error::Error;
use std::time::Instant;

use fengsui_domain::plan::{Lang, Plan, PlanId};
use fengsui_drill::cast::Cast;
use fengsui_drill::city::City;
use fengsui_drill::director::{Director, Manner};
use fengsui_drill::environment::{Clock, Dice, virtual_environment};
use fengsui_drill::words::{Mark, Words};
use fengsui_service::Service;
use fengsui_wire::plan::Library;
use fengsui_wire::plan::scenario::Conduct;
use jiff::{SignedDuration, Timestamp};

/// The seed of every measurement, so that two of them do the same work.
const SEED: u64 = 1;
/// 2026-01-01 00:00 in Jincheng.
const START_S: i64 = 1_767_196_800;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: i64| arguments.next().map_or(Ok(otherwise), |text| text.parse::<i64>());
    let (events, hours) = (number(1_000)?, number(24 * 365)?);
    tokio::runtime::Builder::new_current_thread().build()?.block_on(measure(events, hours))
}

async fn measure(events: i64, hours: i64) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let plans = Library::shipped();
    let from = Timestamp::from_second(START_S)?;
    let clock = Clock::at(from);
    let service = Service::in_memory("drill.city", plans.clone(), virtual_environment(&clock, SEED)).await?;
    let all: Vec<&Plan> = plans.list().map(|pack| &pack.plan).collect();
    let cast = Cast::of_plans(&service, &all, from).await?;
    let (bodies, people) = (cast.manned().len(), cast.len());
    let egov = plans.get(&PlanId::new("jincheng-egov-2008")).ok_or("the plan is not at hand")?;
    let span = SignedDuration::from_hours(hours);
    let every = SignedDuration::from_secs((span.as_secs() / events).max(1));
    let mut city = City::new(SEED, from, every, egov.plan.clone()).peekable();
    let words = Words { lang: Lang::Zh, mark: Mark::Drill };
    let manner = Manner { words, conduct: Conduct::default(), keep: false };
    let mut director = Director::new(service.clone(), clock, Dice::new(SEED, 2), cast, manner);
    for quarter in 1..=4 {
        director.run(&mut city, from.checked_add(span * quarter / 4)?).await?;
        let counts = director.record().counts;
        println!(
            "{{\"quarter\":{quarter},\"seconds\":{:.3},\"rss_kib\":{},\"peak_rss_kib\":{},\"bodies\":{bodies},\"people\":{people},\
             \"events\":{},\"incidents\":{},\"open\":{},\"acts\":{},\"refused\":{}}}",
            began.elapsed().as_secs_f64(),
            rss_kib("VmRSS:")?,
            rss_kib("VmHWM:")?,
            counts.events,
            counts.incidents,
            director.open_cases(),
            counts.acts,
            counts.refused,
        );
    }
    Ok(())
}

/// The memory that this process has in use now (`VmRSS:`) or ever had (`VmHWM:`), by the kernel's account.
fn rss_kib(line: &str) -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let amount = status.lines().find_map(|text| text.strip_prefix(line)).ok_or("the kernel does not say")?;
    Ok(amount.trim().trim_end_matches(" kB").parse()?)
}
