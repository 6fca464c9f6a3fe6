//! The watch: what the machine does while it is measured, as evidence for the verdicts.

mod eye;
mod span;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use report::environment::{Conditions, Watch};

use crate::clock;
use crate::probe::Root;
use eye::Eye;

/// Time between two looks at frequency and load.
const LOOK: Duration = Duration::from_millis(200);
/// Every so many looks, also at what changes slowly or costs more to read.
const SLOW: u32 = 5;

/// The two clocks that must not move against each other.
pub(super) trait Clocks: Send {
    /// The wall clock, ms.
    fn wall_ms(&self) -> i64;
    /// A clock that nobody sets, ms.
    fn steady_ms(&self) -> i64;
}

/// Those of this machine.
struct SystemClocks;

impl Clocks for SystemClocks {
    fn wall_ms(&self) -> i64 {
        clock::now().as_ms()
    }

    fn steady_ms(&self) -> i64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000)
    }
}

/// Watches from a thread of its own until it is dropped.
pub(super) struct Watcher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    eye: Mutex<Eye>,
    stopping: Mutex<bool>,
    stop: Condvar,
}

impl Watcher {
    /// Begins to watch the machine behind `root`.
    pub(super) fn start(root: Root) -> Self {
        let eye = Mutex::new(Eye::new(root, Box::new(SystemClocks)));
        let shared = Arc::new(Shared { eye, stopping: Mutex::new(false), stop: Condvar::new() });
        let watched = Arc::clone(&shared);
        let thread = thread::Builder::new().name("watch".to_owned()).spawn(move || watched.watch());
        // Without a thread there is less evidence, and still a measurement.
        Self { shared, thread: thread.ok() }
    }

    /// The conditions at this moment.
    pub(super) fn now(&self) -> Conditions {
        self.shared.eye().now()
    }

    /// A component begins: what is seen from now on is about it.
    pub(super) fn begin(&self) {
        self.shared.eye().begin();
    }

    /// A test of it begins.
    pub(super) fn test(&self, metric: &str) {
        self.shared.eye().test(metric);
    }

    /// The component has ended: what was seen.
    pub(super) fn end(&self) -> Watch {
        self.shared.eye().end()
    }

    /// The conditions while components were measured.
    pub(super) fn during(&self) -> Conditions {
        self.shared.eye().during()
    }
}

impl Shared {
    fn eye(&self) -> MutexGuard<'_, Eye> {
        self.eye.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut looks = 0_u32;
        let mut stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
        while !*stopping {
            drop(stopping);
            self.eye().look(looks.is_multiple_of(SLOW));
            looks = looks.wrapping_add(1);
            stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
            if !*stopping {
                stopping = match self.stop.wait_timeout(stopping, LOOK) {
                    Ok((guard, _)) => guard,
                    Err(poisoned) => poisoned.into_inner().0,
                };
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        *self.shared.stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.stop.notify_all();
        if let Some(thread) = self.thread.take() {
            // If it panicked, it has said so.
            drop(thread.join());
        }
    }
}
