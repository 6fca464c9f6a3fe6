//! Threads that do the same thing at once, each on a processor of its own.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

use super::clock::{self, Monotonic};
use super::lap::{Lap, Work, lap};
use super::processors::{self, Place};
use super::sampler::{self, Limits, Sampled};

type Job<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Threads, each with something of its own, made on its thread and its processor: its memory is near.
pub(crate) struct Team<T> {
    members: Vec<Member<T>>,
}

struct Member<T> {
    /// Gone when the thread is to end.
    jobs: Option<Sender<Job<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: 'static> Team<T> {
    /// One thread on each of these processors; `None` leaves the choice to the kernel. Nothing is made before
    /// all threads are there.
    ///
    /// # Errors
    /// When a thread cannot be started. Those that could are gone again then.
    pub(crate) fn start(places: &[Place], make: impl Fn() -> T + Send + Sync + 'static) -> io::Result<Self> {
        Self::start_with(places, make, |run| thread::Builder::new().spawn(run))
    }

    fn start_with(
        places: &[Place],
        make: impl Fn() -> T + Send + Sync + 'static,
        spawn: impl Fn(Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>>,
    ) -> io::Result<Self> {
        let make = Arc::new(make);
        let mut team = Self { members: Vec::new() };
        let mut starts = Vec::new();
        for place in places {
            let (start, started) = channel::<()>();
            let (jobs, received) = channel();
            let (place, make) = (*place, Arc::clone(&make));
            let thread = spawn(Box::new(move || {
                // Without this word there is a thread too few, and nothing to do.
                if started.recv().is_ok() {
                    processors::pin(place);
                    work(make(), &received);
                }
            }))?;
            starts.push(start);
            team.members.push(Member { jobs: Some(jobs), thread: Some(thread) });
        }
        for start in starts {
            // A thread that is gone shows as soon as it is given a job.
            let _ = start.send(());
        }
        Ok(team)
    }

    /// How many threads.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Does this on all threads; they begin at the same moment. What each found, in the order of the places.
    ///
    /// # Panics
    /// If the job panics on a thread.
    pub(crate) fn together<R: Send + 'static>(
        &self,
        job: impl Fn(&mut T) -> R + Send + Sync + 'static,
    ) -> Vec<R> {
        let job = Arc::new(job);
        let barrier = Arc::new(Barrier::new(self.members.len()));
        let give = |member: &Member<T>| {
            let (result, found) = channel();
            let (job, barrier) = (Arc::clone(&job), Arc::clone(&barrier));
            let job: Job<T> = Box::new(move |own| {
                barrier.wait();
                // Nobody listens any more only if another thread panicked.
                let _ = result.send(job(own));
            });
            let given = member.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
            assert!(given, "a measuring thread has ended");
            found
        };
        let found: Vec<Receiver<R>> = self.members.iter().map(give).collect();
        found.into_iter().map(|found| found.recv().expect("a measuring thread panicked")).collect()
    }
}

impl<T: Work + 'static> Team<T> {
    /// Samples of what all threads do together: the sum of their rates, each over its own time.
    pub(crate) fn sampled(&self, limits: Limits) -> Sampled {
        let clock = Monotonic::start();
        let reading = clock::reading(&clock);
        let mut correct = true;
        let sampled = sampler::collect(&clock, limits.cap, || {
            let laps = self.together(move |own| lap(&Monotonic::start(), reading, limits.window, own));
            correct &= laps.iter().all(|lap| lap.right);
            laps.iter().map(Lap::rate).sum()
        });
        Sampled { correct: Some(correct), ..sampled }
    }
}

fn work<T>(mut own: T, jobs: &Receiver<Job<T>>) {
    while let Ok(job) = jobs.recv() {
        job(&mut own);
    }
}

impl<T> Drop for Team<T> {
    fn drop(&mut self) {
        self.members.iter_mut().for_each(|member| drop(member.jobs.take()));
        for thread in self.members.iter_mut().filter_map(|member| member.thread.take()) {
            // A panic there has been told already.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn each_thread_keeps_its_own_and_answers_in_order() {
        let made = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&made);
        let team = Team::start(&[None; 3], move || (counter.fetch_add(1, Ordering::Relaxed), 0_u32)).unwrap();
        let first = team.together(|own| *own);
        let second = team.together(|own| {
            own.1 += 1;
            *own
        });
        assert_eq!(first.iter().map(|own| (own.0, 1)).collect::<Vec<_>>(), second);
        assert_eq!((team.len(), made.load(Ordering::Relaxed)), (3, 3));
    }

    #[test]
    fn all_are_at_work_at_once() {
        let team = Team::start(&[None; 4], || ()).unwrap();
        let meeting = Barrier::new(4);
        // Hangs if one began only after another had ended.
        let leaders = team.together(move |()| meeting.wait().is_leader());
        assert_eq!(leaders.into_iter().filter(|leads| *leads).count(), 1);
    }

    #[test]
    fn a_thread_too_few_is_an_error_and_holds_nobody() {
        let left = Cell::new(2_u32);
        let made = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&made);
        let team = Team::start_with(
            &[None; 5],
            move || counter.fetch_add(1, Ordering::Relaxed),
            |run| match left.get().checked_sub(1) {
                Some(fewer) => {
                    left.set(fewer);
                    thread::Builder::new().spawn(run)
                }
                None => Err(io::ErrorKind::WouldBlock.into()),
            },
        );
        assert_eq!(team.map(|team| team.len()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(made.load(Ordering::Relaxed), 0, "nothing was made");
    }

    #[test]
    #[should_panic(expected = "a measuring thread panicked")]
    fn a_panic_there_is_a_panic_here() {
        let team = Team::start(&[None; 2], || ()).unwrap();
        team.together(|()| panic!("on purpose"));
    }
}
