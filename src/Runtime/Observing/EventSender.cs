using System.Globalization;

namespace Provenance.Runtime.Observing;

/// <summary>Passes events on in batches, on a thread of its own, so that the job never waits for whoever takes them, or not for long.</summary>
/// <remarks>
/// The job waits while an event is added. When too much is queued, it waits a little for room, for so long in all; after
/// that events are dropped, counted, and said to have been.
/// </remarks>
internal sealed class EventSender : IDisposable
{
    private const int BatchBytes = 1 << 16, GatherMilliseconds = 20;

    private readonly Action<ReadOnlyMemory<byte>> _send;
    private readonly int _maxQueuedBytes;
    private readonly object _lock = new();
    private readonly Queue<byte[]> _queue = new();
    private readonly EventWriter _current = new();
    private readonly Thread _thread;
    private long _patienceMilliseconds;
    private long _queuedBytes;
    private long _dropped;
    private bool _ending;

    /// <param name="send">Takes a batch, as <see cref="EventReader.ReadAll"/> reads it; may take its time.</param>
    /// <param name="maxQueuedBytes">Held in memory before the job has to wait.</param>
    /// <param name="patience">For how long the job waits, over its whole life.</param>
    public EventSender(Action<ReadOnlyMemory<byte>> send, int maxQueuedBytes = 32 << 20, TimeSpan? patience = null)
    {
        _send = send;
        _maxQueuedBytes = maxQueuedBytes;
        _patienceMilliseconds = (long)(patience ?? TimeSpan.FromSeconds(5)).TotalMilliseconds;
        _thread = new Thread(Send) { IsBackground = true, Name = "event sender" };
        _thread.Start();
    }

    /// <summary>Takes an event; called by one thread at a time.</summary>
    public void Add(ObservedEvent told)
    {
        lock (_lock)
        {
            WaitForRoom();
            // What says how much is missing is never missing itself.
            if (_queuedBytes >= _maxQueuedBytes && told is not ObservedLoss)
            {
                _dropped++;
                return;
            }
            TellDropped();
            Append(told);
        }
    }

    /// <summary>Returns when all that was added has been sent.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            TellDropped();
            _ending = true;
            Monitor.PulseAll(_lock);
        }
        _thread.Join();
    }

    public void Dispose() => Finish();

    private void WaitForRoom()
    {
        while (_queuedBytes >= _maxQueuedBytes && _patienceMilliseconds > 0 && !_ending)
        {
            long before = Environment.TickCount64;
            Monitor.Wait(_lock, TimeSpan.FromMilliseconds(_patienceMilliseconds));
            _patienceMilliseconds -= Math.Max(Environment.TickCount64 - before, 1);
        }
    }

    private void TellDropped()
    {
        if (_dropped == 0)
            return;
        Append(new ObservedLoss
        {
            Process = 0,
            Sentence = string.Create(
                CultureInfo.InvariantCulture, $"{_dropped} observed events came faster than they could be recorded"),
        });
        _dropped = 0;
    }

    private void Append(ObservedEvent told)
    {
        int before = _current.Length;
        _current.Write(told);
        _queuedBytes += _current.Length - before;
        if (_current.Length >= BatchBytes)
            Enqueue();
        else if (before == 0)
            Monitor.PulseAll(_lock);
    }

    private void Enqueue()
    {
        _queue.Enqueue(_current.Bytes.ToArray());
        _current.Clear();
        Monitor.PulseAll(_lock);
    }

    private void Send()
    {
        while (Next() is { } batch)
        {
            _send(batch);
            lock (_lock)
            {
                _queuedBytes -= batch.Length;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Null when there is nothing any more, and nothing will come.</summary>
    private byte[]? Next()
    {
        lock (_lock)
        {
            while (_queue.Count == 0 && _current.Length == 0 && !_ending)
                Monitor.Wait(_lock);
            // Others come along soon: fewer, larger batches cost less.
            if (_queue.Count == 0 && !_ending)
                Monitor.Wait(_lock, GatherMilliseconds);
            if (_queue.Count == 0 && _current.Length > 0)
                Enqueue();
            return _queue.TryDequeue(out byte[]? batch) ? batch : null;
        }
    }
}
