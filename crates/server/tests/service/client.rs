//! The client that the server hands out: bench.sh, the agents and their checksums, the fleet key.

use std::fs;
use std::path::Path;

use server::config::{Secret, Settings};
use sha2::{Digest, Sha256};

use crate::common::{Request, Server};

const X86: &str = "x86_64-unknown-linux-gnu";
const ARM: &str = "aarch64-unknown-linux-gnu";
const PROGRAM: &[u8] = b"\x7fELF an agent\r\n\0";

/// A server with two agents, and things beside them that are none.
fn with_agents() -> Server {
    Server::with(|settings, folder| {
        let agents = folder.join("agent");
        for target in [X86, ARM, ".hidden", "a b", "it's"] {
            fs::create_dir_all(agents.join(target)).unwrap();
            fs::write(agents.join(target).join("benchtools"), PROGRAM).unwrap();
        }
        fs::create_dir_all(agents.join("empty")).unwrap();
        fs::create_dir_all(agents.join("folder/benchtools")).unwrap();
        fs::write(agents.join("file"), b"x").unwrap();
        fs::write(folder.join("benchtools"), b"outside").unwrap();
        settings
    })
}

#[test]
fn the_script_knows_its_server_and_its_agents() {
    let server = with_agents();
    let answer = server.get("/bench.sh");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/x-shellscript; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let script = answer.text();
    assert!(script.contains(&format!("\nSERVER='http://{}'\n", server.address)));
    assert!(script.contains(&format!("\nTARGETS='{ARM} {X86}'\n")), "only what can be served is listed");
    let checked = std::process::Command::new("sh").args(["-n", "-c", script]).status().unwrap();
    assert!(checked.success(), "a shell can read it");
}

#[test]
fn without_agents_the_script_lists_none() {
    let server = Server::start();
    assert!(server.get("/bench.sh").text().contains("\nTARGETS=''\n"));
    let missing = server.get(&format!("/agent/{X86}/benchtools"));
    assert_eq!((missing.status, missing.problem().as_str()), (404, "not_found"));
    assert!(missing.json()["detail"].as_str().unwrap().contains("AGENT_DIR"), "{}", missing.text());
}

#[test]
fn an_agent_comes_with_its_checksum() {
    let server = with_agents();
    let path = format!("/agent/{X86}/benchtools");
    let program = server.get(&path);
    assert_eq!((program.status, &program.body[..]), (200, PROGRAM));
    assert_eq!(program.header("content-type"), Some("application/octet-stream"));
    let sum: String = Sha256::digest(PROGRAM).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(server.get(&format!("{path}.sha256")).text(), format!("{sum}  benchtools\n"));

    let etag = program.header("etag").unwrap();
    let known = server.send(&Request::new("GET", &path).header("If-None-Match", etag));
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(etag)));
}

#[test]
fn an_agent_that_is_replaced_gets_a_new_checksum() {
    let server = with_agents();
    let path = format!("/agent/{X86}/benchtools.sha256");
    let first = server.get(&path).body;
    let file = server.folder().join("agent").join(X86).join("benchtools");
    fs::write(file, b"another agent, of another length").unwrap();
    assert_ne!(server.get(&path).body, first);
}

#[test]
fn nothing_else_is_served() {
    let server = with_agents();
    for path in [
        "/agent/../benchtools",
        "/agent/%2e%2e/benchtools",
        "/agent/%2E%2E/benchtools",
        "/agent/..%2f..%2f/benchtools",
        "/agent/%2e%2e%2f/benchtools.sha256",
        "/agent/./benchtools",
        "/agent/riscv64gc-unknown-linux-gnu/benchtools",
        "/agent/empty/benchtools",
        "/agent/folder/benchtools",
        "/agent/file/benchtools",
        "/agent/.hidden/benchtools",
        "/agent/a%20b/benchtools",
        "/agent/it's/benchtools",
        "/agent/x%00y/benchtools",
        "/agent/x86_64-unknown-linux-gnu/data.db",
        "/agent/x86_64-unknown-linux-gnu/benchtools.sha256.sha256",
        "/agent/x86_64-unknown-linux-gnu/benchtools%2f..%2fbenchtools",
        "/agent/x86_64-unknown-linux-gnu/.sha256",
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{path}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("{ARM}, {X86}.")), "{path}: {detail}");
    }
    for path in [
        "/agent",
        "/agent/",
        "/agent/x86_64-unknown-linux-gnu",
        "/agent/a/b/c",
        "/agent//benchtools",
        "/agent/%ff/benchtools",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

fn on_database(settings: Settings, folder: &Path) -> Settings {
    let database = format!("sqlite:///{}", folder.join("data.db").display());
    Settings { database_url: Some(Secret::new(database)), ..settings }
}

#[test]
fn servers_on_one_database_have_one_fleet_key() {
    let config = |server: &Server| {
        let answer = server.send(&Request::new("GET", "/api/agent/config").token());
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
        answer.json()
    };
    let first = Server::start();
    let key = config(&first)["fleet_key"].as_str().unwrap().to_owned();
    assert!(key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
    let second = Server::with(|settings, _| on_database(settings, first.folder()));
    assert_eq!(config(&second)["fleet_key"], *key);
    assert_ne!(config(&Server::start())["fleet_key"], *key, "every database has a key of its own");
    assert_eq!(config(&first)["server_version"], env!("CARGO_PKG_VERSION"));
    assert!(report::Timestamp::parse(config(&first)["time"].as_str().unwrap()).is_some());
}
