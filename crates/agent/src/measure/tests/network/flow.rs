//! Bytes in one direction over several connections, and their rate over time.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{NetError, Slot};
use crate::arch::tcp::{self, Connection};
use crate::measure::noise::Noise;

/// Connections at once: one alone is often bounded by a window or a processor.
pub(super) const CONNECTIONS: u64 = 4;
/// Time between two readings of the counters. Inside one machine all is over within some 20 ms.
const READING: Duration = Duration::from_millis(1);
/// Connections begin slowly: this part of the time does not count.
const WARM_UP: f64 = 0.2;
/// Samples that the rest is cut into.
const SAMPLES: u32 = 10;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Download,
    Upload,
}

/// What flowed.
pub(super) struct Flow {
    /// Bytes per second, in time order.
    pub(super) rates: Vec<f64>,
    pub(super) time: Duration,
    pub(super) bytes: u64,
    /// The connections at the end, as the kernel saw them.
    pub(super) connections: Vec<Connection>,
}

/// Lets up to `most` bytes flow, for `cap` at the longest.
pub(super) fn flow(
    slot: &Slot<'_>,
    direction: Direction,
    most: u64,
    cap: Duration,
) -> Result<Flow, NetError> {
    let moved = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let each = most / CONNECTIONS;
    // Nothing on the way can compress what is sent.
    let mut noise = vec![0; 256 * 1024];
    Noise::new(0).fill(&mut noise);
    // What lies in this machine's own buffers has not flowed yet.
    let count = |now: &[Connection]| match direction {
        Direction::Upload => acked(now).unwrap_or_else(|| moved.load(Ordering::Relaxed)),
        Direction::Download => moved.load(Ordering::Relaxed),
    };
    let begun = Instant::now();
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let lane = Lane { slot, moved: &moved, stop: &stop, noise: &noise, end: begun + cap };
                    match direction {
                        Direction::Download => lane.download(each, cap),
                        Direction::Upload => lane.upload(each, cap),
                    }
                })
            })
            .collect();
        // From the first that has moved its part on, the others would have the line for themselves.
        let goes_on = || begun.elapsed() < cap && !lanes.iter().any(|lane| lane.is_finished());
        let (readings, connections) = read(begun, &count, &goes_on);
        let time = begun.elapsed();
        stop.store(true, Ordering::Relaxed);
        let ended = lanes
            .into_iter()
            .map(|lane| lane.join().unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::Other).into())));
        let failed = ended.filter_map(Result::err).next();
        let mut rates = samples(&readings, time);
        let bytes = moved.load(Ordering::Relaxed);
        if rates.is_empty() && bytes > 0 {
            // Over before it could be watched: one sample, of the whole.
            rates.push(bytes as f64 / begun.elapsed().as_secs_f64().max(1e-9));
        }
        match failed {
            // Cut off at the end of the time is as it should be.
            Some(error) if rates.is_empty() || time < cap / 2 => Err(error),
            _ => Ok(Flow { rates, time, bytes, connections }),
        }
    })
}

/// Time and bytes so far.
type Reading = (Duration, u64);

/// Reads the counters while it goes on; the connections are those when most of them were open.
fn read(
    begun: Instant,
    count: &dyn Fn(&[Connection]) -> u64,
    goes_on: &dyn Fn() -> bool,
) -> (Vec<Reading>, Vec<Connection>) {
    let mut connections = tcp::connections();
    let mut readings = vec![(Duration::ZERO, count(&connections))];
    while goes_on() {
        thread::sleep(READING);
        let now = tcp::connections();
        readings.push((begun.elapsed(), count(&now)));
        if now.len() >= connections.len() {
            connections = now;
        }
    }
    (readings, connections)
}

/// Bytes that the other side has confirmed on all connections together.
fn acked(connections: &[Connection]) -> Option<u64> {
    connections.iter().map(|connection| connection.acked_bytes).sum()
}

/// One connection.
struct Lane<'a> {
    slot: &'a Slot<'a>,
    moved: &'a AtomicU64,
    stop: &'a AtomicBool,
    noise: &'a [u8],
    end: Instant,
}

impl Lane<'_> {
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || Instant::now() >= self.end
    }

    fn download(&self, bytes: u64, cap: Duration) -> Result<(), NetError> {
        let mut body = self.slot.download(bytes, cap + READING)?;
        let mut buffer = vec![0; 128 * 1024];
        while !self.is_over() {
            match body.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => drop(self.moved.fetch_add(read as u64, Ordering::Relaxed)),
                Err(_) if self.is_over() => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn upload(&self, bytes: u64, cap: Duration) -> Result<(), NetError> {
        let mut body = Body { lane: self, left: bytes };
        // A little longer than the flow: the last bytes are still under way when it ends.
        let sent = self.slot.upload(&mut body, cap + cap / 4 + READING);
        match sent {
            Err(NetError::Transfer(_)) if self.is_over() => Ok(()),
            sent => sent.map(drop),
        }
    }
}

struct Body<'a> {
    lane: &'a Lane<'a>,
    left: u64,
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.lane.is_over() {
            return Ok(0);
        }
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let size = buffer.len().min(self.lane.noise.len()).min(left);
        buffer[..size].copy_from_slice(&self.lane.noise[..size]);
        self.left -= size as u64;
        self.lane.moved.fetch_add(size as u64, Ordering::Relaxed);
        Ok(size)
    }
}

/// Cuts the readings after the slow start into samples; a rate goes from one reading to another.
fn samples(readings: &[Reading], time: Duration) -> Vec<f64> {
    // Connecting is no part of it.
    let still = readings.windows(2).take_while(|pair| pair[0].1 == pair[1].1).count();
    let moving = readings.get(still).map_or(Duration::ZERO, |(at, _)| *at);
    let first = moving + time.saturating_sub(moving).mul_f64(WARM_UP);
    let length = time.saturating_sub(first) / SAMPLES;
    let mut rates = Vec::new();
    let mut from = readings.iter().position(|(at, _)| *at >= first);
    for sample in 1..=SAMPLES {
        let Some(begin) = from else { break };
        let due = first + length * sample;
        let end = readings.iter().position(|(at, _)| *at >= due).unwrap_or(readings.len().saturating_sub(1));
        if end <= begin {
            continue;
        }
        let ((begun, before), (ended, after)) = (readings[begin], readings[end]);
        rates.push(after.saturating_sub(before) as f64 / (ended - begun).as_secs_f64().max(1e-9));
        from = Some(end);
    }
    // What stood still at the end because everything had arrived is no rate.
    while rates.last() == Some(&0.0) {
        rates.pop();
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slow_start_does_not_count_and_the_rest_is_cut_into_samples() {
        let ms = Duration::from_millis;
        // Nothing for 100 ms, slowly for 16, then 1000 bytes each 2 ms.
        let bytes = |index: u64| index.saturating_sub(50) * 10 + index.saturating_sub(58) * 990;
        let readings: Vec<_> = (0..=100).map(|index: u64| (ms(index * 2), bytes(index))).collect();
        let rates = samples(&readings, ms(200));
        assert_eq!(rates.len(), 10);
        assert!(rates.iter().all(|rate| (rate - 500_000.0).abs() < 1.0), "{rates:?}");
    }

    #[test]
    fn few_readings_make_few_samples_and_none_makes_none() {
        let ms = Duration::from_millis;
        assert!(samples(&[(Duration::ZERO, 0)], ms(3)).is_empty());
        assert_eq!(samples(&[(ms(0), 0), (ms(4), 100), (ms(8), 300)], ms(8)).len(), 1);
    }
}
