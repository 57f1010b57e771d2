using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Provenance.Runtime.Injection.Cdi;

/// <summary>Reads one YAML document as the JSON it stands for.</summary>
/// <remarks>
/// Source: YAML 1.2.2 §10.3, the core schema: a plain word may be null, a truth value or a number; all else is text. Anchors, aliases
/// and tags are refused: no JSON has them, and by an alias a few bytes become gigabytes.
/// </remarks>
internal sealed class YamlTree
{
    /// <summary>Most values in one document.</summary>
    private const int MostNodes = 200_000;

    private readonly Parser _parser;
    private int _nodes;

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <exception cref="FormatException">It is no YAML, or more than JSON can say.</exception>
    public static JsonNode? Read(string text, int maxDepth)
    {
        try
        {
            var tree = new YamlTree(text);
            tree._parser.Consume<StreamStart>();
            tree._parser.Consume<DocumentStart>();
            var root = tree.ReadNode(maxDepth);
            tree._parser.Consume<DocumentEnd>();
            return tree._parser.Accept<StreamEnd>(out _) ? root : throw new FormatException("has more than one document");
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }
    }

    private JsonNode? ReadNode(int depth)
    {
        if (depth == 0 || ++_nodes > MostNodes)
        {
            throw new FormatException("is nested too deep or has too many values");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return Value(scalar);
        }

        if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            Refuse(sequence);
            var array = new JsonArray();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                array.Add(ReadNode(depth - 1));
            }

            return array;
        }

        if (_parser.TryConsume<MappingStart>(out var mapping))
        {
            Refuse(mapping);
            return ReadMapping(depth);
        }

        throw new FormatException($"line {_parser.Current?.Start.Line}: an alias, which is not read");
    }

    private JsonObject ReadMapping(int depth)
    {
        var found = new JsonObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            Refuse(key);
            if (!found.TryAdd(key.Value, ReadNode(depth - 1)))
            {
                throw new FormatException($"line {key.Start.Line}: '{key.Value}' stands there twice");
            }
        }

        return found;
    }

    private static JsonValue? Value(Scalar scalar)
    {
        Refuse(scalar);
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => JsonValue.Create(number),
            _ when char.IsAsciiDigit(text[0]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
                && double.IsFinite(real) => JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
    }

    private static void Refuse(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific))
        {
            throw new FormatException($"line {node.Start.Line}: an anchor or a tag, which is not read");
        }
    }
}
