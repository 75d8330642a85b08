//! Choices among the options of a plan's defaults: who may, what follows them, what is kept.

use std::path::Path;

use fengsui_domain::actor::Actor;
use fengsui_domain::permission::SystemRole;
use tempfile::TempDir;

use super::*;
use crate::environment::Environment;
use crate::node::Options;

const CITY: &str = "jincheng-internet-2008";

async fn open(folder: &Path) -> Service {
    let options = Options { folder: folder.to_owned(), name: "test.example/node".into(), database: None };
    Service::open(options, Environment::system()).await.unwrap()
}

fn caller(role: SystemRole) -> Caller {
    let (roles, bodies, scopes) = (BTreeSet::from([role]), BTreeSet::new(), BTreeSet::new());
    Caller::new(Actor { by: By::Console, roles, bodies, scopes })
}

fn choice(default: &str, option: &str) -> BTreeMap<RuleId, RuleId> {
    BTreeMap::from([(RuleId::new(default), RuleId::new(option))])
}

fn sixty_days() -> BTreeMap<RuleId, RuleId> {
    choice("review-and-filing-days", "sixty-days")
}

/// Days that a plan gives for the review.
fn days(plan: &Plan) -> i64 {
    plan.clock(&RuleId::new("review")).unwrap().within.due().as_hours() / 24
}

async fn days_in_use(service: &Service) -> i64 {
    days(service.plan(&service.plan_in_force().await.unwrap()).unwrap())
}

async fn choose(
    service: &Service,
    role: SystemRole,
    options: BTreeMap<RuleId, RuleId>,
    reason: &str,
) -> Result<i64> {
    let pack = service.plan_choose(&caller(role), &PlanId::new(CITY), options, reason).await?;
    Ok(days(&pack.plan))
}

#[tokio::test]
async fn a_choice_is_an_entry_and_outlives_a_restart() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let before = service.plan_in_force().await.unwrap();
    let days = choose(&service, SystemRole::Administrator, sixty_days(), "市政府函").await.unwrap();
    assert_eq!((days, days_in_use(&service).await), (60, 60));
    assert_eq!(service.plan(&before).map(self::days).unwrap(), 30, "incidents that run keep theirs");
    let chosen = &service.node().await.unwrap().value.chosen[&PlanId::new(CITY)];
    assert_eq!((&chosen.options, chosen.reason.as_str()), (&sixty_days(), "市政府函"));
    let again = choose(&service, SystemRole::Administrator, sixty_days(), "市政府函").await.unwrap_err();
    assert!(matches!(again, Error::Refused(Refusal::AlreadyDone { .. })), "{again:?}");
    drop(service);

    let service = open(folder.path()).await;
    assert_eq!(days_in_use(&service).await, 60);
    let none = choose(&service, SystemRole::Administrator, BTreeMap::new(), "撤回").await.unwrap();
    assert_eq!((none, service.plan_in_force().await.unwrap()), (30, before));
    drop(service);
    assert_eq!(days_in_use(&open(folder.path()).await).await, 30);
}

/// People who choose the same at once keep one version, whole; and one that is damaged is kept anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_version_is_kept_whole_whoever_keeps_it_too() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let pack = service.plan_choosing(&PlanId::new(CITY), &sixty_days()).unwrap();
    let shelf = folder.path().join("plans").join(format!("{CITY}@{}", &pack.digest[..12]));
    for _ in 0..20 {
        let keepers = (0..4).map(|_| {
            let (service, digest) = (service.clone(), pack.digest.clone());
            tokio::task::spawn_blocking(move || {
                let pack = service.plans().version(&PlanId::new(CITY), &digest).unwrap();
                service.keep_files(pack)
            })
        });
        for keeper in keepers.collect::<Vec<_>>() {
            keeper.await.unwrap().unwrap();
        }
        assert!(holds(&shelf, pack));
        std::fs::remove_file(shelf.join("roles.yaml")).unwrap();
    }
    service.keep_files(pack).unwrap();
    assert!(holds(&shelf, pack));
    let names = read_folder(&folder.path().join("plans")).unwrap().into_iter();
    let names = names.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| name.contains("unfinished")).count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn who_may_choose_what() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    for role in SystemRole::ALL.iter().copied().filter(|role| *role != SystemRole::Administrator) {
        let refused = choose(&service, role, sixty_days(), "想试试").await.unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::NotPermitted { .. })), "{role}: {refused:?}");
    }
    let admin = SystemRole::Administrator;
    for (options, reason, code) in [
        (sixty_days(), " ", "missing"),
        (choice("review-and-filing-days", "ninety-days"), "函", "unknown_value"),
        (choice("review-and-filing-day", "sixty-days"), "函", "unknown_value"),
    ] {
        match choose(&service, admin, options, reason).await.unwrap_err() {
            Error::Refused(refusal) => assert_eq!(refusal.code(), code),
            other => panic!("{other:?}"),
        }
    }
    let other = service.plan_choose(&caller(admin), &PlanId::new("village"), sixty_days(), "函").await;
    assert!(matches!(other.unwrap_err(), Error::NotFound { .. }));
    assert_eq!(days_in_use(&service).await, 30, "nothing changed");
}

#[tokio::test]
async fn a_pack_of_the_operator_takes_the_place_of_the_shipped_one() {
    let folder = TempDir::new().unwrap();
    let shipped = {
        let service = open(folder.path()).await;
        choose(&service, SystemRole::Administrator, sixty_days(), "函").await.unwrap();
        service.plan_in_force().await.unwrap()
    };
    let own = folder.path().join("plans").join(CITY);
    std::fs::create_dir(&own).unwrap();
    let files = Library::shipped_files();
    for file in files.iter().filter(|file| file.path.starts_with(&format!("{CITY}/"))) {
        let text = String::from_utf8(file.bytes.to_vec()).unwrap();
        std::fs::write(
            own.join(file.path.rsplit('/').next().unwrap()),
            text.replace("within: 60 d", "within: 90 d"),
        )
        .unwrap();
    }
    let service = open(folder.path()).await;
    // What was chosen is chosen in the new files as well.
    assert_eq!(days_in_use(&service).await, 90);
    assert_eq!(service.plan(&shipped).map(days).unwrap(), 60);
    let theirs = service.plan_in_force().await.unwrap();
    drop(service);
    // A slip of the pen in them does not put the shipped rules in their place.
    let plan = std::fs::read_to_string(own.join("plan.yaml")).unwrap();
    std::fs::write(own.join("plan.yaml"), plan.replace("zone: Asia/Shanghai", "zone: Asia/Shanghi")).unwrap();
    assert_eq!(days_in_use(&open(folder.path()).await).await, 90);
    std::fs::remove_dir_all(&own).unwrap();
    let service = open(folder.path()).await;
    assert_eq!(days_in_use(&service).await, 60, "without them the shipped ones are in use");
    assert_eq!(service.plan(&theirs).map(days).unwrap(), 90, "and what incidents run under is at hand");
}

#[tokio::test]
async fn a_folder_that_was_not_finished_is_no_version() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()).await);
    let plans = folder.path().join("plans");
    let kept = std::fs::read_dir(&plans).unwrap().map(|entry| entry.unwrap().file_name());
    let kept: Vec<String> = kept.map(|name| name.into_string().unwrap()).collect();
    let city = kept.iter().find(|name| name.starts_with(CITY)).unwrap();
    std::fs::rename(plans.join(city), plans.join(format!(".{city}"))).unwrap();
    std::fs::remove_file(plans.join(format!(".{city}")).join("clocks.yaml")).unwrap();
    drop(open(folder.path()).await);
    assert!(plans.join(city).join("clocks.yaml").exists(), "it is written anew");
    assert!(!plans.join(format!(".{city}")).exists());
}
