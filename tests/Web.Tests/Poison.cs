using System.Collections;
using System.Reflection;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;

namespace Provenance.Web.Tests;

/// <summary>Puts a text into every place of a run's record that takes any text: found by trying, so that a new member is not forgotten.</summary>
internal static class Poison
{
    /// <returns>The record, and how many places took the text.</returns>
    public static (RunRecord Run, int Places) Of(RunRecord run, string text)
    {
        int places = 0;
        byte[] Bytes() => RecordJson.Serialize(RecordSamples.Run(run));
        // A copy of its own: what is changed below must not be shared with other samples.
        run = RecordJson.ParseRun(Bytes()).Predicate;
        Visit(run);
        return (run, places);

        void Visit(object owner)
        {
            foreach (var property in owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0))
            {
                switch (property.GetValue(owner))
                {
                    case string old:
                        Try(() => property.SetValue(owner, Like(old)), () => property.SetValue(owner, old));
                        break;
                    case IList { Count: > 0 } list when list[0] is string:
                        object before = list;
                        Try(
                            () => property.SetValue(owner, list.Cast<string>().Select(Like).ToList()),
                            () => property.SetValue(owner, before));
                        break;
                    case IEnumerable items:
                        foreach (object? item in items)
                        {
                            if (item is not null && IsOurs(item))
                            {
                                Visit(item);
                            }
                        }

                        break;
                    case { } inner when IsOurs(inner):
                        Visit(inner);
                        break;
                }
            }
        }

        string Like(string old) => old.StartsWith('/') ? "/" + text : text;

        void Try(Action change, Action undo)
        {
            change();
            try
            {
                RecordJson.ParseRun(Bytes());
                places++;
            }
            catch (Exception e) when (e is RecordFormatException or System.Text.Json.JsonException or ArgumentException or FormatException)
            {
                undo();
            }
        }
    }

    private static bool IsOurs(object item) => item.GetType().Namespace is "Provenance.Archive.Records";
}
