//! Devices found, filtered and sorted.

use serde_json::{Value, json};
use server::config::{Secret, Settings};

use crate::common::{Request, Server};
use crate::engines::{PostgresDatabase, execute, execute_on_sqlite, on_both_engines};
use crate::reports::{old_client, read, submit};

/// What people typed of five machines, as columns have it.
const TYPED: &str = "
    update devices set name_key = 'attic', status = 'spare', location = 'Loft', model = 'Eee PC', model_key = 'asus eee pc',
        effective_kind = 'bare_metal', global_score = 12.5 where id = 1;
    update devices set name_key = 'buro', status = 'in_use', location = 'Office', model = 'XPS', model_key = 'dell xps',
        effective_kind = 'vm', global_score = 3.25 where id = 2;
    update devices set name_key = 'cellar', status = 'spare', location = 'Office', model = 'XPS', model_key = 'dell xps',
        effective_kind = 'container', global_score = null where id = 3;
    update devices set name_key = 'desk', status = 'sold', location = '', model = 'XPS 13', model_key = 'dell xps 13',
        effective_kind = 'vm', global_score = 12.5 where id = 4;
    update devices set name_key = 'desk', status = 'lent', location = 'Loft', model = '', model_key = '',
        effective_kind = 'vm', global_score = 1e300 where id = 5;
    delete from device_tags; delete from device_search;
    insert into device_tags (device_id, tag_key, tag) values (1, 'ete', 'Été'), (1, 'old', 'old'), (2, 'old', 'Old'),
        (4, 'a%', 'a%');
    insert into device_search (device_id, search_text) values (1, 'attic asus eee pc'), (2, 'buro 50% dell xps'),
        (3, 'cellar 500 dell_xps'), (4, 'desk dell x\\ps secret-serial'), (5, 'desk 日本');
";

fn on_both_typed(read_access: Option<&str>, body: impl Fn(&Server)) {
    let run = |server: &Server, typed: &dyn Fn(String)| {
        for (name, hour) in [("attic", 14), ("Büro", 13), ("cellar", 15), ("desk", 12), ("desk2", 16)] {
            submit(server, &old_client(name, &format!("2024-03-01T{hour}:00:00Z"), 50.0));
        }
        for statement in TYPED.split(';').filter(|statement| !statement.trim().is_empty()) {
            typed(statement.to_owned());
        }
        body(server);
    };
    let access = |settings: Settings| Settings { read_access: read_access.map(str::to_owned), ..settings };
    let server = Server::with(|settings, _| access(settings));
    run(&server, &|sql| execute_on_sqlite(&server, sql));
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| access(Settings { database_url: url, ..settings }));
    run(&server, &|sql| execute(&database.url, sql));
}

fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

fn found(server: &Server, query: &str) -> Vec<i64> {
    ids(&read(server, &format!("/api/devices?{query}")))
}

#[test]
fn every_word_is_found_whatever_its_case_and_accents_and_nothing_is_special() {
    on_both_typed(None, |server| {
        for (search, expected) in [
            ("BÜRO", vec![2]),
            ("dell", vec![2, 3, 4]),
            ("xps%20D%C3%88LL", vec![2, 3]),
            ("ell+xps", vec![2, 3]),
            ("50%25", vec![2]),
            ("50_", vec![]),
            ("dell_xps", vec![3]),
            ("x%5Cps", vec![4]),
            ("%E6%97%A5%E6%9C%AC", vec![5]),
            ("%27;drop+table+devices", vec![]),
            ("", vec![1, 2, 3, 4, 5]),
            ("+++", vec![1, 2, 3, 4, 5]),
        ] {
            assert_eq!(found(server, &format!("search={search}")), expected, "{search}");
            let list = read(server, &format!("/api/devices?page_size=1&search={search}"));
            assert_eq!(list["total"], expected.len(), "{search}");
        }
    });
}

#[test]
fn many_that_are_found_are_walked_in_order_and_counted() {
    on_both_engines(|server| {
        let name = |number: usize| format!("{}-{:03}", ["shelf", "rack"][number % 2], number * 7 % 600);
        let rows: String = (0..600).map(|number| format!("{},{}\n", name(number), number % 3)).collect();
        let request = Request::new("POST", "/api/devices/import").token().header("Content-Type", "text/csv");
        assert_eq!(server.send(&request.body(format!("name,owner\n{rows}"))).status, 200);
        let mut racks: Vec<(String, i64)> =
            (0..600).map(|number| (name(number), number as i64 + 1)).collect();
        racks.retain(|(name, _)| name.starts_with("rack"));
        racks.sort();
        let racks: Vec<i64> = racks.into_iter().map(|(_, id)| id).collect();
        let mut part = read(server, "/api/devices?search=RACK&page_size=70");
        let mut walked = ids(&part);
        while let Some(cursor) = part["next_cursor"].as_str() {
            part = read(server, &format!("/api/devices?search=RACK&page_size=70&cursor={cursor}"));
            assert_eq!(part["total"], 300);
            walked.extend(ids(&part));
        }
        assert_eq!(walked, racks);
        assert_eq!(found(server, "search=rack&page_size=70&page=3"), racks[140..210]);
        let backwards: Vec<i64> = racks.iter().rev().take(50).copied().collect();
        assert_eq!(found(server, "search=rack&order=desc"), backwards);
        let narrow = read(server, "/api/devices?search=rack&kind=vm");
        assert_eq!((&narrow["total"], &narrow["items"]), (&0.into(), &json!([])));
        let wide = read(server, "/api/devices?search=rack&status=in_use&page_size=1");
        assert_eq!((&wide["total"], ids(&wide)), (&300.into(), vec![racks[0]]));
        let few = read(server, "/api/devices?search=rack-1&page_size=5&page=2");
        assert_eq!((&few["total"], ids(&few)), (&50.into(), racks_between(server, 5..10)));
    });
}

fn racks_between(server: &Server, places: std::ops::Range<usize>) -> Vec<i64> {
    let all = read(server, "/api/devices?page_size=500");
    let items = all["items"].as_array().unwrap().iter();
    let named = items.filter(|item| item["name"].as_str().unwrap().starts_with("rack-1"));
    named.map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>()[places].to_vec()
}

#[test]
fn filters_narrow_the_list_together() {
    on_both_typed(None, |server| {
        for (query, expected) in [
            ("tag=old", vec![1, 2]),
            ("tag=OLD&tag=%C3%89t%C3%A9", vec![1]),
            ("tag=a%25", vec![4]),
            ("tag=none", vec![]),
            ("kind=vm", vec![2, 4, 5]),
            ("status=spare", vec![1, 3]),
            ("location=Loft", vec![1, 5]),
            ("location=loft", vec![]),
            ("model=Dell%20XPS", vec![2, 3]),
            ("model=XPS%2013", vec![4]),
            ("kind=vm&location=Office&search=xps", vec![2]),
            ("kind=&tag=&status=&location=&model=", vec![1, 2, 3, 4, 5]),
        ] {
            assert_eq!(found(server, query), expected, "{query}");
        }
    });
}

#[test]
fn each_order_is_walked_by_page_and_by_cursor_alike() {
    on_both_typed(None, |server| {
        for (sort, expected) in [
            ("name", [1, 2, 3, 4, 5]),
            ("device_identifier", [2, 1, 3, 4, 5]),
            ("kind", [1, 3, 2, 4, 5]),
            ("status", [2, 5, 4, 1, 3]),
            ("location", [4, 1, 5, 2, 3]),
            ("score", [3, 2, 1, 4, 5]),
            ("last_benchmark_at", [4, 2, 1, 3, 5]),
            ("created_at", [1, 2, 3, 4, 5]),
        ] {
            for order in ["asc", "desc"] {
                let mut expected = expected.to_vec();
                if order == "desc" {
                    expected.reverse();
                }
                let query = format!("sort={sort}&order={order}&page_size=2");
                let pages: Vec<i64> =
                    (1..=3).flat_map(|page| found(server, &format!("{query}&page={page}"))).collect();
                assert_eq!(pages, expected, "{query}");
                let mut part = read(server, &format!("/api/devices?{query}"));
                let mut walked = ids(&part);
                while let Some(cursor) = part["next_cursor"].as_str() {
                    part = read(server, &format!("/api/devices?{query}&cursor={cursor}"));
                    walked.extend(ids(&part));
                }
                assert_eq!(walked, expected, "{query}");
            }
        }
        let updated = found(server, "sort=updated_at");
        assert_eq!(updated.len(), 5);
    });
}

#[test]
fn what_does_not_fit_is_named() {
    on_both_typed(None, |server| {
        let long = format!("search={}", "x".repeat(1_025));
        let many = format!("search={}", (0..17).map(|n| format!("w{n}+")).collect::<String>());
        for (query, path) in [
            ("sort=colour", "sort"),
            ("sort=name&sort=name", "sort"),
            ("order=up", "order"),
            ("kind=toaster", "kind"),
            ("status=lost", "status"),
            ("search=%00", "search"),
            ("colour=red", "colour"),
            (&long, "search"),
            (&many, "search"),
        ] {
            let answer = server.get(&format!("/api/devices?{query}"));
            assert_eq!(
                (answer.status, answer.paths()),
                (422, vec![path.to_owned()]),
                "{query}: {}",
                answer.text()
            );
        }
        let cursor = read(server, "/api/devices?sort=score&kind=vm&page_size=1")["next_cursor"].clone();
        let cursor = cursor.as_str().unwrap();
        for query in
            ["sort=name&kind=vm", "sort=score", "sort=score&kind=vm&order=desc", "sort=score&kind=container"]
        {
            let answer = server.get(&format!("/api/devices?{query}&cursor={cursor}"));
            assert_eq!((answer.status, answer.paths()), (422, vec!["cursor".to_owned()]), "{query}");
        }
        assert_eq!(found(server, &format!("kind=vm&sort=score&cursor={cursor}")), [4, 5]);
    });
}

#[test]
fn the_public_does_not_find_by_what_it_does_not_see() {
    on_both_typed(Some("public"), |server| {
        assert_eq!(found(server, "search=secret-serial"), [0i64; 0]);
        assert_eq!(found(server, "search=desk"), [4, 5]);
        assert_eq!(found(server, "search=xps+13"), [4]);
        assert_eq!(found(server, "search=ete"), [1]);
        for (query, path) in [("location=Loft", "location"), ("sort=location", "sort")] {
            let answer = server.get(&format!("/api/devices?{query}"));
            assert_eq!((answer.status, answer.paths()), (422, vec![path.to_owned()]), "{query}");
        }
        assert_eq!(server.get("/api/devices/groups?by=location").status, 422);
        let holder = server.send(&Request::new("GET", "/api/devices?search=secret-serial").token());
        assert_eq!(ids(&holder.json()), [4]);
    });
}

#[test]
fn groups_say_what_devices_have_in_common() {
    on_both_typed(None, |server| {
        for (by, expected) in [
            (
                "model",
                vec![("dell xps", "XPS", 2), ("asus eee pc", "Eee PC", 1), ("dell xps 13", "XPS 13", 1)],
            ),
            ("kind", vec![("vm", "vm", 3), ("bare_metal", "bare_metal", 1), ("container", "container", 1)]),
            ("location", vec![("Loft", "Loft", 2), ("Office", "Office", 2)]),
            ("tag", vec![("old", "Old", 2), ("a%", "a%", 1), ("ete", "Été", 1)]),
            (
                "status",
                vec![
                    ("spare", "spare", 2),
                    ("in_use", "in_use", 1),
                    ("lent", "lent", 1),
                    ("sold", "sold", 1),
                ],
            ),
        ] {
            let groups = read(server, &format!("/api/devices/groups?by={by}"));
            assert_eq!((&groups["by"], &groups["total"]), (&by.into(), &expected.len().into()));
            for (group, (key, label, count)) in groups["items"].as_array().unwrap().iter().zip(&expected) {
                assert_eq!(
                    (&group["key"], &group["label"], &group["count"]),
                    (&(*key).into(), &(*label).into(), &(*count).into())
                );
                assert_eq!((&group["score"]["ranked"], &group["score"]["median"]), (&0.into(), &Value::Null));
            }
        }
        for query in ["", "?by=colour", "?by=kind&page=1"] {
            assert_eq!(server.get(&format!("/api/devices/groups{query}")).status, 422, "{query}");
        }
    });
}
