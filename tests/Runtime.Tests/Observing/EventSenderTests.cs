using System.Diagnostics;
using Provenance.Runtime.Observing;
using Xunit;

namespace Provenance.Runtime.Tests.Observing;

/// <summary>How events are passed on to somebody who may be slow.</summary>
public sealed class EventSenderTests
{
    private const int Count = 20_000;

    [Fact]
    public void All_events_arrive_in_their_order()
    {
        var taken = new List<ObservedEvent>();
        using (var sender = new EventSender(batch => taken.AddRange(EventReader.ReadAll(batch.Span))))
        {
            for (int i = 0; i < Count; i++)
                sender.Add(Noted(i));
        }

        Assert.Equal(Enumerable.Range(0, Count), taken.Select(told => told.Process));
    }

    [Fact]
    public void A_few_events_are_not_kept_back()
    {
        using var arrived = new ManualResetEventSlim();
        using var sender = new EventSender(_ => arrived.Set());

        sender.Add(Noted(1));

        Assert.True(arrived.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Somebody_who_takes_nothing_holds_the_job_up_for_so_long_and_is_told_what_is_missing()
    {
        using var open = new ManualResetEventSlim();
        var taken = new List<ObservedEvent>();
        var clock = Stopwatch.StartNew();
        using (var sender = new EventSender(
            batch =>
            {
                open.Wait();
                taken.AddRange(EventReader.ReadAll(batch.Span));
            },
            maxQueuedBytes: 10_000,
            patience: TimeSpan.FromMilliseconds(200)))
        {
            for (int i = 0; i < Count; i++)
                sender.Add(Noted(i));
            Assert.InRange(clock.ElapsedMilliseconds, 150, 20_000);
            open.Set();
        }

        int arrived = taken.OfType<CallNoted>().Count();
        Assert.InRange(arrived, 1, Count - 1);
        Assert.Equal($"{Count - arrived} observed events came faster than they could be recorded", taken.OfType<ObservedLoss>().Single().Sentence);
    }

    [Fact]
    public void Somebody_who_fails_gets_no_more_and_the_job_does_not_notice()
    {
        int calls = 0;
        using (var sender = new EventSender(_ =>
        {
            calls++;
            throw new IOException("gone");
        }))
        {
            for (int i = 0; i < Count; i++)
                sender.Add(Noted(i));
        }

        Assert.Equal(1, calls);
    }

    private static CallNoted Noted(int process) => new() { Process = process, What = "random" };
}
