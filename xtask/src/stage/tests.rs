use super::*;

const TABLE: &[Stage] = &[
    Stage { name: "one", says: "passes", needs: &[], run: || Ok(Outcome::Passed) },
    Stage { name: "two", says: "is skipped", needs: &[], run: || Ok(Outcome::Skipped("no such tool")) },
    Stage { name: "three", says: "fails", needs: &[], run: || Err(Failure::Failed("the roof leaks".into())) },
    Stage { name: "four", says: "is not reached", needs: &[], run: || Ok(Outcome::Passed) },
];

fn names(arguments: &[&str]) -> Result<Vec<&'static str>, Failure> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    match request("test", TABLE, &arguments)? {
        Request::List => Ok(vec!["(list)"]),
        Request::Run(stages) => Ok(stages.iter().map(|stage| stage.name).collect()),
    }
}

#[test]
fn what_the_command_line_asks_for() {
    for (arguments, chosen) in [
        (&[] as &[&str], &["one", "two", "three", "four"] as &[&str]),
        (&["--only", "three"], &["three"]),
        (&["--only", "four", "--only", "one"], &["one", "four"]), // In the order of the table.
        (&["--only", "one", "--list"], &["(list)"]),
    ] {
        assert_eq!(names(arguments).expect("a good command line"), chosen, "{arguments:?}");
    }
    for (arguments, says) in [
        (&["--only"] as &[&str], "`--only` needs the name of a stage"),
        (&["--only", "five"], "`five` is no stage; there are: one, two, three, four"),
        (&["--fast"], "`--fast` is no option\n\nusage: cargo xtask test [--only STAGE]... [--list]"),
    ] {
        assert_eq!(names(arguments), Err(Failure::Usage(says.into())), "{arguments:?}");
    }
}

#[test]
fn the_first_failure_ends_the_run_and_is_the_last_word() {
    let stages: Vec<&Stage> = TABLE.iter().collect();
    let mut lines = run(&stages);
    for line in &mut lines {
        line.took = Duration::from_millis(1_500);
    }
    let expected = "
one            1.5 s  passed
two            1.5 s  skipped: no such tool
three          1.5 s  failed
total          4.5 s
stages: 1 passed, 1 failed, 2 skipped
";
    assert_eq!(summary(&lines, stages.len()), expected);
    let says = "stage `three`: the roof leaks; once mended, try `cargo xtask test --only three`";
    assert_eq!(verdict("test", lines), Err(Failure::Failed(says.into())));
}

#[test]
fn a_run_without_a_failure_is_good() {
    let lines = run(&[&TABLE[0], &TABLE[1]]);
    assert!(summary(&lines, 2).ends_with("\nstages: 1 passed, 0 failed, 1 skipped\n"));
    assert_eq!(verdict("test", lines), Ok(()));
}
