use serde_json::{Value, json};

use super::{Status, Typed};

fn set(field: &str, value: Value) -> Result<Value, String> {
    let mut typed = Typed::default();
    typed.set(field, &value).map_err(|error| format!("{}: {}", error.path, error.message))?;
    Ok(serde_json::to_value(typed).unwrap()[field].clone())
}

#[test]
fn what_fits_is_kept_in_one_spelling() {
    for (field, value, kept) in [
        ("name", json!("  Büro NAS "), json!("Büro NAS")),
        ("name", json!(" "), Value::Null),
        ("notes", json!("one\ntwo "), json!("one\ntwo ")),
        ("tags", json!(["NAS", " nas", "Été", "ete", ""]), json!(["NAS", "Été"])),
        ("tags", json!([]), Value::Null),
        ("kind", json!("vm"), json!("vm")),
        ("status", json!("lent"), json!("lent")),
        ("hosted_on", json!(4.0), json!(4)),
        ("purchased_at", json!("2024-02-29"), json!("2024-02-29")),
        ("price", json!(-0.0), json!(0.0)),
        ("price", json!(299.9), json!(299.9)),
        ("currency", json!("eur"), json!("EUR")),
        ("custom", json!({"rack": "B", "unit": null, "empty": ""}), json!({"rack": "B"})),
        ("custom", json!({}), Value::Null),
        ("photo_doc_id", Value::Null, Value::Null),
    ] {
        assert_eq!(set(field, value.clone()), Ok(kept), "{field} {value}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_path() {
    let long = |length: usize| "x".repeat(length);
    let many: Vec<String> = (0..51).map(|number| format!("tag{number}")).collect();
    let fields: serde_json::Map<String, Value> =
        (0..51).map(|number| (format!("field{number}"), "x".into())).collect();
    for (field, value, expected) in [
        ("name", json!(long(256)), "name: 256 characters, expected at most 255"),
        ("name", json!("a\nb"), "name: holds a control character, expected text on one line"),
        ("name", json!(7), "name: a number, expected text"),
        ("notes", json!(long(20_001)), "notes: 20001 characters, expected at most 20000"),
        ("notes", json!("a\u{0}"), "notes: holds a NUL character, expected text without NUL"),
        ("tags", json!("nas"), "tags: text, expected a list of tags"),
        ("tags", json!(["a", 1]), "tags[1]: a number, expected text"),
        ("tags", json!(["a,b"]), "tags[0]: holds a comma, which stands between tags; expected one tag"),
        ("tags", json!(many), "tags: too many tags, expected at most 50"),
        (
            "status",
            json!("new"),
            "status: unknown, expected one of in_use, spare, lent, sold, broken, archived",
        ),
        ("kind", json!(1), "kind: a number, expected one of bare_metal, vm, container, single_board"),
        ("hosted_on", json!(0), "hosted_on: 0, expected an id: a whole number from 1 on"),
        ("hosted_on", json!(1.5), "hosted_on: 1.5, expected an id: a whole number from 1 on"),
        ("price", json!(-1), "price: -1, expected a number from 0 to 1000000000000"),
        ("power_idle_w", json!("9 W"), "power_idle_w: text, expected a number from 0 to 1000000000000"),
        (
            "currency",
            json!("€"),
            "currency: expected the three letters of a currency, as ISO 4217 has them, such as EUR",
        ),
        ("custom", json!(["a"]), "custom: a list, expected an object of text by name"),
        ("custom", json!({"a": 1}), "custom.a: a number, expected text, or null"),
        ("custom", json!({" a": "b"}), "custom. a: expected a name without spaces around it"),
        ("custom", json!({"": "b"}), "custom.: expected a name without spaces around it"),
        ("custom", json!(fields), "custom: too many fields, expected at most 50"),
    ] {
        assert_eq!(set(field, value.clone()), Err(expected.to_owned()), "{field} {value}");
    }
    for day in ["2026-02-29", "24/11/2026", "20261124", "2026-1-1", "2026-11-24T00:00"] {
        let refused = set("purchased_at", json!(day)).unwrap_err();
        assert!(
            refused.starts_with("purchased_at: no such day, expected one such as 2026-11-24"),
            "{refused}"
        );
    }
    assert!(
        set("colour", json!("red")).unwrap_err().starts_with("colour: unknown field, expected one of name, ")
    );
}

#[test]
fn a_patch_is_taken_whole_or_not_at_all() {
    let mut typed = Typed::default();
    let patch =
        |fields: Value| -> Vec<(String, Value)> { fields.as_object().unwrap().clone().into_iter().collect() };
    typed.patch(&patch(json!({"name": "nas", "custom": {"rack": "B", "unit": "4"}}))).unwrap();
    typed.patch(&patch(json!({"custom": {"unit": null, "row": "2"}, "status": "spare"}))).unwrap();
    let errors = typed.patch(&patch(json!({"name": null, "price": -1, "status": "x"}))).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), ["price", "status"]);
    let kept = json!({"name": "nas", "status": "spare", "custom": {"rack": "B", "row": "2"}});
    assert_eq!(serde_json::to_value(&typed).unwrap(), kept);
}

#[test]
fn a_cell_is_read_as_spreadsheets_write_it_and_comes_back() {
    let mut typed = Typed::default();
    for (column, cell, shown) in [
        ("price", " 1299.50", "1299.5"),
        ("power_idle_w", "6.5", "6.5"),
        ("hosted_on", " 12 ", "12"),
        ("tags", "NAS, büro ,,nas", "NAS, büro"),
        ("custom.rack", "B", "B"),
        ("custom.a.b", "dots", "dots"),
        ("status", "sold", "sold"),
        ("purchased_at", "2024-02-29", "2024-02-29"),
    ] {
        typed.set_cell(column, cell).unwrap();
        assert_eq!(typed.cell(column), shown, "{column}");
        let again = typed.clone();
        typed.set_cell(column, shown).unwrap();
        assert_eq!(typed, again, "{column}");
        assert!(Typed::is_column(column));
    }
    assert_eq!(typed.status, Some(Status::Sold));
    typed.set_cell("custom.rack", " ").unwrap();
    typed.set_cell("price", "").unwrap();
    assert_eq!((typed.cell("custom.rack"), typed.price), (String::new(), None));
    for (column, cell) in [("price", "1,299.50"), ("price", "much"), ("hosted_on", "nas"), ("status", "Sold")]
    {
        assert_eq!(typed.set_cell(column, cell).unwrap_err().path, column, "{cell}");
    }
    assert!(!Typed::is_column("custom") && !Typed::is_column("custom.") && !Typed::is_column("score"));
}

#[test]
fn gaps_are_filled_and_nothing_is_overwritten() {
    let typed = |value: Value| serde_json::from_value::<Typed>(value).unwrap();
    let mut into = typed(json!({"name": "nas", "tags": ["a"], "custom": {"rack": "B"}}));
    let from =
        typed(json!({"name": "old", "owner": "me", "tags": ["A", "b"], "custom": {"rack": "C", "row": "2"}}));
    let before = into.clone();
    into.fill_gaps(from);
    let filled =
        json!({"name": "nas", "owner": "me", "tags": ["a", "b"], "custom": {"rack": "B", "row": "2"}});
    assert_eq!(serde_json::to_value(&into).unwrap(), filled);
    assert_eq!(into.differing(&before), ["owner", "tags", "custom"]);
}
