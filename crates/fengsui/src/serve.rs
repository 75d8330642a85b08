//! `fengsui serve`: wires a node together and runs it until asked to stop.

use std::future::Future;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use fengsui_domain::change::Change;
use fengsui_domain::node::NodeChange;
use fengsui_domain::plan::PlanId;
use fengsui_server::App;
use fengsui_service::backup::Schedule;
use fengsui_service::folder::Folder;
use fengsui_service::indicators::ListWords;
use fengsui_service::{Environment, Service};
use fengsui_store::{Commit, StoreError};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use crate::backup::recipients;
use crate::cli::Serve;
use crate::exit::{Failure, Outcome, answer};
use crate::import::list_name;
use crate::node::{console, keeper, options};

/// How long work that never ends by itself may take to notice the stop.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: Serve) -> Outcome {
    let path = &arguments.data.data;
    if Folder::new(path).is_demo() {
        return Err(Failure::usage(format!(
            "`{0}` is a demonstration: run it with `fengsui demo --data {0}`, or give another `--data`",
            path.display()
        )));
    }
    run_with(arguments, |_| async { Ok(()) })
}

/// Runs a node whose folder is made ready by `prepare` first.
pub(crate) fn run_with<F, R>(arguments: Serve, prepare: F) -> Outcome
where
    F: FnOnce(PathBuf) -> R,
    R: Future<Output = Result<(), Failure>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        prepare(arguments.data.data.clone()).await?;
        serve(arguments).await
    });
    runtime.shutdown_timeout(GRACE);
    outcome
}

async fn serve(arguments: Serve) -> Outcome {
    let zone = TimeZone::get(&arguments.log_zone).map_err(|_| {
        Failure::usage(format!("`{}` is not a zone such as `Asia/Shanghai`", arguments.log_zone))
    })?;
    let schedule = schedule(&arguments)?;
    let options = options(&arguments.data, &arguments.name);
    let service = Service::open(options, Environment::system()).await?;
    if let Some(plan) = &arguments.plan {
        adopt(&service, plan).await?;
    }
    let listener = TcpListener::bind(arguments.listen).await.map_err(|error| {
        Failure::usage(format!("cannot listen on {}: {error}; give another `--listen`", arguments.listen))
    })?;
    let address = listener.local_addr()?;
    let base = format!("http://{address}");
    for list in &arguments.indicators {
        load_list(&service, list).await?;
    }
    record(&service, NodeChange::Started { version: env!("CARGO_PKG_VERSION").into() }).await?;
    let mut tasks = JoinSet::new();
    let timer = service.clone();
    tasks.spawn(async move { timer.run_timer().await });
    let index = service.clone();
    tasks.spawn(async move { index.run_index().await });
    start_sources(&service, &arguments, &zone, &mut tasks);
    if let Some(schedule) = schedule {
        let service = service.clone();
        tasks.spawn(async move { service.run_backups(schedule).await });
    }
    if service.is_demo() {
        let feed = service.clone();
        tasks.spawn(async move { crate::demo::run_feed(feed).await });
    }
    announce(&service, &base).await?;
    let app = App::new(service.clone());
    fengsui_server::serve(listener, app, stop()).await?;
    tasks.shutdown().await;
    record(&service, NodeChange::Stopped).await?;
    eprintln!("stopped");
    Ok(answer(true))
}

/// The backups that make themselves, if any.
fn schedule(arguments: &Serve) -> Result<Option<Schedule>, Failure> {
    let Some(folder) = arguments.backup_to.clone() else { return Ok(None) };
    if !folder.is_dir() {
        return Err(Failure::usage(format!("`{}` is no folder: make it, or give another", folder.display())));
    }
    let recipients = recipients(&arguments.backup_recipient)?;
    let every = SignedDuration::from_hours(arguments.backup_every.into());
    Ok(Some(Schedule { folder, recipients, every, keep: arguments.backup_keep.into() }))
}

fn start_sources(service: &Service, arguments: &Serve, zone: &TimeZone, tasks: &mut JoinSet<()>) {
    for path in &arguments.watch {
        let (service, path, zone) = (service.clone(), path.clone(), zone.clone());
        tasks.spawn(async move { service.run_follow(path, zone).await });
    }
    if let Some(address) = arguments.syslog {
        let (service, zone) = (service.clone(), zone.clone());
        tasks.spawn(async move {
            if let Err(error) = service.run_syslog(address, zone).await {
                tracing::error!(%address, error = &error as &dyn std::error::Error, "syslog cannot be taken");
            }
        });
    }
    if arguments.stdin {
        let (service, zone) = (service.clone(), zone.clone());
        tasks.spawn(async move {
            if let Err(error) = service.run_stdin(zone).await {
                tracing::error!(error = &error as &dyn std::error::Error, "standard input cannot be read");
            }
        });
    }
}

/// Makes a plan the node's own.
async fn adopt(service: &Service, plan: &str) -> Result<(), Failure> {
    let id = PlanId::new(plan);
    if service.plans().get(&id).is_none() {
        let known = service.plans().list().map(|pack| pack.plan.id.to_string());
        let known = known.collect::<Vec<_>>().join(", ");
        let folder = service.folder()?.plans().join(plan);
        return Err(Failure::usage(format!(
            "there is no plan `{plan}`; there are: {known}; put one of your own into `{}`, and see that `fengsui \
             plan check` finds no error in it",
            folder.display()
        )));
    }
    Ok(service.plan_adopt(&console(), &id).await?)
}

async fn load_list(service: &Service, path: &std::path::Path) -> Result<(), Failure> {
    let name = list_name(path);
    let words = ListWords { name: name.clone(), format: None };
    let import = service.list_import(&keeper(), words, crate::matching::open(path)?).await?;
    let (new, updated, unchanged, rejected) = (import.new, import.updated, import.unchanged, import.rejected);
    eprintln!("indicators {name}: {new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected");
    Ok(())
}

/// Says where the node is, and how to set it up if it is new.
async fn announce(service: &Service, base: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Fengsui is at {base}/")?;
    if let Some(token) = service.set_up_token().await? {
        writeln!(out, "Set it up here (the link works once): {base}/setup/{token}")?;
    }
    Ok(out.flush()?)
}

async fn record(service: &Service, change: NodeChange) -> Result<(), Failure> {
    loop {
        let version = service.node().await?.version;
        let change = Change::Node { change: change.clone() };
        let by = fengsui_domain::actor::By::Node { part: "server".into() };
        match service.store().commit(Commit::new(by, service.now(), None).batch(version, vec![change])).await
        {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Resolves when the process is asked to stop.
async fn stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
