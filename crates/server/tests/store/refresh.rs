//! What lists show, find and sort devices by: filled by reports, and for devices of earlier versions at the start.

use serde_json::json;

use crate::engines::on_both;
use crate::reports::{DAY, machine};
use crate::submit::submit;

const SHOWN: &str = "select name || '|' || name_key || '|' || effective_kind || '|' || status || '|' || model || '|' || \
                     model_key || '|' || search_text from devices d join device_search s on s.device_id = d.id where d.id = 1";

#[test]
fn reports_fill_what_lists_find_devices_by() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &machine("Büro", 1).id(1)).await;
        let shown = database.text(SHOWN).await;
        assert_eq!(shown, "Büro|buro|bare_metal|in_use|AZW EQ12|azw eq12|buro\nazw eq12");
        assert_eq!(
            database
                .text("select case when score_key = global_score then 'y' else 'n' end from devices")
                .await,
            "y"
        );
        let moved = machine("Büro", 1).id(2).after(DAY).set("/hardware/os/virtualization_type", json!("kvm"));
        submit(&store, &moved.set("/hardware/os/fqdn", json!("Büro.lan"))).await;
        let shown = database.text(SHOWN).await;
        assert_eq!(shown, "Büro|buro|vm|in_use|AZW EQ12|intel n100 (vm, 4 threads)|buro\nburo.lan\nazw eq12");
        store.close().await;
    });
}

#[test]
fn devices_of_an_earlier_version_get_their_columns_when_the_server_starts() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &machine("Büro", 1).id(1)).await;
        let expected = database.text(SHOWN).await;
        store.close().await;
        for sql in [
            "update devices set name_key = 'b\u{fc}ro', model_key = '', model = '', \
             reported_json = '{\"hostname\":\"B\u{fc}ro\",\"model\":\"AZW EQ12\"}'",
            "delete from device_search",
            "delete from settings where name = 'device_columns'",
        ] {
            database.execute(sql).await;
        }
        let (one, two) = tokio::join!(database.open(), database.open());
        assert_eq!(database.text(SHOWN).await, expected);
        assert_eq!(one.device(1).await.unwrap().unwrap().model_key.as_deref(), Some("azw eq12"));
        one.close().await;
        two.close().await;
    });
}
