//! What is refused, and how it is said.

use report::{ParseError, parse};

/// `400 1:2` or `422 path: message`.
fn refused(text: impl AsRef<[u8]>) -> String {
    match parse(text.as_ref()).expect_err("expected a refusal") {
        ParseError::Malformed { line, column, .. } => format!("400 {line}:{column}"),
        ParseError::Invalid(errors) => {
            let lines: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.path, e.message)).collect();
            format!("422 {}", lines.join("; "))
        }
        ParseError::SchemaTooNew { found } => format!("422 schema {found}"),
    }
}

fn path(text: &str) -> String {
    refused(text).split(": ").next().unwrap().to_owned()
}

#[test]
fn what_is_not_json_is_malformed() {
    for text in [
        "",
        "{",
        "not json",
        r#"{"device_identifier":"a",}"#,
        r#"{"device_identifier":"a"} x"#,
        r#"{"device_identifier":"a","results":{"cpu":{"score":NaN}}}"#,
        r#"{"device_identifier":"a","results":{"cpu":{"score":Infinity}}}"#,
        r#"{"device_identifier":"a","results":{"cpu":{"score":1e999}}}"#,
        r#"{"device_identifier":"a","results":{"gpu":{"fps":1e999}}}"#,
        r#"{"device_identifier":"a","a field of tomorrow":{"deep":[1e999]}}"#,
        r#"{"device_identifier":"a","results":{"cpu":{"of tomorrow":-1.5E+0999 }}}"#,
        r#"{"device_identifier":"a","results":{"gpu":{"fps":{"deep":-1e999}}}}"#,
        r#"{"device_identifier":"a","label":"\ud800"}"#,
        // The wrong type comes first, and is not the point.
        r#"{"device_identifier":5,"results":{"cpu":{"score":1e999}}}"#,
    ] {
        assert!(refused(text).starts_with("400 "), "{text}: {}", refused(text));
    }
    assert_eq!(refused("{\n  \"device_identifier\": nope\n}"), "400 2:25");
    assert_eq!(refused(b"{\"device_identifier\":\"a\",\n\"x\":\"\xff\"}"), "400 2:6");
}

#[test]
fn a_number_out_of_its_range_is_named() {
    let of = |field: &str| refused(format!(r#"{{"device_identifier":"a",{field}}}"#));
    for (field, place) in [
        (r#""results":{"network":{"packet_loss_percent":150}}"#, "results.network.packet_loss_percent"),
        (r#""results":{"network":{"packet_loss_percent":-1}}"#, "results.network.packet_loss_percent"),
        (r#""environment":{"during":{"steal_percent":500}}"#, "environment.during.steal_percent"),
        (r#""environment":{"before":{"psi_cpu":100.5}}"#, "environment.before.psi_cpu"),
        (r#""hardware":{"sensors":{"cpu_temp_c":-300}}"#, "hardware.sensors.cpu_temp_c"),
        (r#""hardware":{"sensors":{"temps_c":{"nvme":-273.2}}}"#, "hardware.sensors.temps_c.nvme"),
        (
            r#""measurements":[null,{"metric":"cpu.a","value":5,"ci_low":6,"ci_high":4}]"#,
            "measurements[1].ci_high",
        ),
    ] {
        assert!(of(field).starts_with(&format!("422 {place}: ")), "{field}: {}", of(field));
    }
    let edges = r#"{"device_identifier":"a","results":{"network":{"packet_loss_percent":100}},
        "environment":{"during":{"steal_percent":0,"psi_io":100.0,"cpu_temp_c":-40}},
        "measurements":[{"metric":"cpu.a","value":5,"ci_low":5,"ci_high":5}]}"#;
    assert!(parse(edges.as_bytes()).is_ok(), "{:?}", parse(edges.as_bytes()));
}

#[test]
fn deep_nesting_does_no_harm() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    let unknown = format!(r#"{{"device_identifier":"a","x":{}}}"#, deep("[", "]"));
    assert!(parse(unknown.as_bytes()).is_ok());
    let graphics = format!(r#"{{"device_identifier":"a","results":{{"gpu":{{"x":{}}}}}}}"#, deep("[", "]"));
    assert!(refused(graphics).starts_with("400 "));
    assert!(refused(deep("{\"hardware\":", "}")).starts_with('4'));
}

#[test]
fn the_place_of_an_error_is_named() {
    assert_eq!(refused("{}"), "422 device_identifier: missing, expected the name of the device");
    for (text, expected) in [
        (r#"{"device_identifier":5}"#, "422 device_identifier"),
        ("[]", "422 $"),
        ("null", "422 $"),
        (r#"{"device_identifier":"a","hardware":[]}"#, "422 hardware"),
        (r#"{"device_identifier":"a","hardware":{"cpu":["Intel"]}}"#, "422 hardware.cpu"),
        (r#"{"device_identifier":"a","measurements":[["cpu.a"]]}"#, "422 measurements[0]"),
        (r#"{"device_identifier":"a","results":{"cpu":{"score":-1}}}"#, "422 results.cpu.score"),
        (r#"{"device_identifier":"a","results":{"cpu":{"score":"5"}}}"#, "422 results.cpu.score"),
        (r#"{"device_identifier":"a","results":{"gpu":{"score":-1}}}"#, "422 results.gpu.score"),
        (r#"{"device_identifier":"a","results":5}"#, "422 results"),
        (
            r#"{"device_identifier":"a","hardware":{"storage":{"devices":[{},{"name":[]}]}}}"#,
            "422 hardware.storage.devices[1].name",
        ),
        (r#"{"device_identifier":"a","hardware":{"cpu":{"cores":4.5}}}"#, "422 hardware.cpu.cores"),
        (
            r#"{"device_identifier":"a","hardware":{"cpu":{"cores":9007199254740993}}}"#,
            "422 hardware.cpu.cores",
        ),
        (
            r#"{"device_identifier":"a","hardware":{"cpu":{"mitigations":{"m":1}}}}"#,
            "422 hardware.cpu.mitigations.m",
        ),
        (
            r#"{"device_identifier":"a","environment":{"components":{"cpu":{"steal_percent":-1}}}}"#,
            "422 environment.components.cpu.steal_percent",
        ),
        (
            r#"{"device_identifier":"a","measurements":[{"metric":"cpu.a"},{"value":1}]}"#,
            "422 measurements[1].metric",
        ),
        (r#"{"device_identifier":"a","measurements":[{"metric":"CPU.a"}]}"#, "422 measurements[0].metric"),
        (
            r#"{"device_identifier":"a","measurements":[null,{"metric":"cpu.a","value":-1}]}"#,
            "422 measurements[1].value",
        ),
        (
            r#"{"device_identifier":"a","measurements":[{"metric":"cpu.a","samples":[1,-2]}]}"#,
            "422 measurements[0].samples[1]",
        ),
        (
            r#"{"device_identifier":"a","measurements":[{"metric":"cpu.a","reasons":["busy",{"code":1}]}]}"#,
            "422 measurements[0].reasons[1].code",
        ),
        (r#"{"device_identifier":"a","missing":[{"path":"x"}]}"#, "422 missing[0].reason"),
        (r#"{"device_identifier":"a","label":"x","label":"y"}"#, "422 label"),
        (r#"{"device_identifier":"a","started_at":"yesterday"}"#, "422 started_at"),
        (r#"{"device_identifier":"a","preset":"eternal"}"#, "422 preset"),
        (r#"{"device_identifier":"a","report_id":"7"}"#, "422 report_id"),
        (r#"{"device_identifier":"a","schema_version":0}"#, "422 schema_version"),
        (r#"{"device_identifier":"a","note":"nul \u0000"}"#, "422 note"),
        (r#"{"device_identifier":"a\u0000"}"#, "422 device_identifier"),
        (r#"{"device_identifier":"  "}"#, "422 device_identifier"),
    ] {
        assert_eq!(path(text), expected, "{text}: {}", refused(text));
    }
    let long = format!(r#"{{"device_identifier":"{}"}}"#, "x".repeat(10_000));
    assert_eq!(refused(long), "422 device_identifier: 10000 characters, expected at most 255");
}

#[test]
fn a_newer_schema_is_told_apart_even_if_its_fields_differ() {
    assert_eq!(refused(r#"{"device_identifier":"a","schema_version":2}"#), "422 schema 2");
    assert_eq!(
        refused(r#"{"results":"elsewhere","device_identifier":7,"schema_version":3}"#),
        "422 schema 3"
    );
}

#[test]
fn null_is_absent_everywhere() {
    let text = r#"{"device_identifier":"a","report_id":null,"schema_version":null,"identity":null,"hardware":null,
        "environment":{"components":{"cpu":null,"memory":{"steal_percent":null}}},"results":null,
        "measurements":[null,{"metric":"cpu.a","value":null,"reasons":[null,{"code":"busy","evidence":null}]}],"missing":null}"#;
    assert_eq!(crate::report(text).measurements.len(), 1);
    let text = r#"{"hostname":"a","device_identifier":null,"hardware":{"sensors":{"fans_rpm":{"a":null}},"gpus":null},
        "results":{"gpu":{"score":null,"fps":null}}}"#;
    let report = crate::report(text);
    assert_eq!(report.device().as_str(), "a");
    assert!(report.results.gpu.unwrap().figures.is_empty());
}

#[test]
fn what_is_odd_but_right_is_accepted() {
    let text = r#"{"device_identifier":"a","hardware":{"cpu":{"cores":4.0,"threads":8e0}},
        "environment":{"components":{"quantum":{"steal_percent":"?"}}},"unheard_of":{"a":[1]},
        "results":{"cpu":{"score":50000},"memory":{"score":-0.0}},
        "measurements":[{"metric":"cpu.a","reasons":["busy"]},{"metric":"sensor.floor_c","value":-4}]}"#;
    let report = crate::report(text);
    assert_eq!(report.hardware.cpu.unwrap().cores.unwrap().get(), 4);
    assert_eq!(report.results.cpu.unwrap().score.unwrap().get(), 50_000.0);
}

#[test]
fn a_list_has_an_end() {
    let list = |entries: usize| {
        format!(r#"{{"device_identifier":"a","measurements":[{}null]}}"#, "null,".repeat(entries - 1))
    };
    assert!(report::parse(list(10_000).as_bytes()).is_ok());
    assert_eq!(path(&list(10_001)), "422 measurements");
    let map = |entries: usize| {
        let entries: Vec<String> = (0..entries).map(|number| format!("\"{number}\":null")).collect();
        format!(
            r#"{{"device_identifier":"a","hardware":{{"sensors":{{"fans_rpm":{{{}}}}}}}}}"#,
            entries.join(",")
        )
    };
    assert!(report::parse(map(10_000).as_bytes()).is_ok());
    assert_eq!(path(&map(10_001)), "422 hardware.sensors.fans_rpm");
}

#[test]
fn a_document_of_errors_is_answered_briefly() {
    let many = vec![r#"{"metric":"cpu.a","value":-1}"#; 10_000].join(",");
    let text = format!(r#"{{"device_identifier":"a","measurements":[{many}]}}"#);
    let Err(ParseError::Invalid(errors)) = parse(text.as_bytes()) else { panic!("expected 422") };
    assert_eq!(errors.len(), 20);
}
