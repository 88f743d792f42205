using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using Rectify.Tensors;

namespace Rectify.Tests;

/// <summary>Rules of the house that reflection can see.</summary>
public sealed class HouseTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Rooms =
    [
        "Tensors", "Kernels", "Formats", "Communication", "Layers", "Initialization", "Models", "Execution",
        "Data", "Evaluation", "Diagnostics", "Training", "Inference", "Onnx", "Benchmarks", "Reproduction",
    ];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    [Fact]
    public void Rooms_UseOnlyThoseAboveThem()
    {
        List<string> wrong = [];
        int uses = 0;
        foreach (Type type in typeof(MapShape).Assembly.GetTypes())
        {
            int room = RoomOf(type);
            foreach (Type used in Used(type))
            {
                int other = RoomOf(used);
                uses += other >= 0 && other != room ? 1 : 0;
                if (room >= 0 && other > room)
                {
                    wrong.Add($"{type.FullName} ({Rooms[room]}) uses {used.FullName} ({Rooms[other]})");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        Assert.True(uses > 500, $"only {uses} uses were seen between rooms: the test has gone blind");
    }

    [Fact]
    public void EveryType_LivesInARoom()
    {
        string[] homeless = [.. typeof(MapShape).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Rectify", StringComparison.Ordinal) == true && RoomOf(type) < 0)
            .Select(type => type.FullName!)];
        Assert.Empty(homeless);
    }

    [Fact]
    public void Library_ReferencesOnlyManagedPackages()
    {
        // MathNet.Numerics: eigenvalues of 3×3 covariances; managed, MIT. Google.Protobuf: the messages of TensorBoard and ONNX; managed, BSD.
        string[] foreign = [.. typeof(MapShape).Assembly.GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("Microsoft.Win32.Primitives" or "MathNet.Numerics" or "Google.Protobuf"))];
        Assert.Empty(foreign);
    }

    [Fact]
    public void Library_PublicMembers_ShowNoTypeOfAPackage()
    {
        string[] wrong = [.. typeof(MapShape).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(member => Shown(member).SelectMany(Unwrap).Select(shown => (member, shown)))
            .Where(pair => pair.shown.Assembly.GetName().Name is "Google.Protobuf" or "MathNet.Numerics")
            .Select(pair => $"{pair.member.DeclaringType!.FullName}.{pair.member.Name} shows {pair.shown.FullName}")];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Library_OutsideKernelsAndTheArena_HasNoPointers()
    {
        string[] allowed = ["Rectify.Kernels", "Rectify.Tensors.NativeBuffer"];
        string[] wrong = [.. typeof(MapShape).Assembly.GetTypes()
            .Where(type => type.FullName?.StartsWith("Rectify", StringComparison.Ordinal) == true && !allowed.Any(a => type.FullName.StartsWith(a, StringComparison.Ordinal)))
            .Where(type => type.GetFields(Everything).Any(field => field.FieldType.IsPointer)
                || type.GetMethods(Everything).Any(method => method.ReturnType.IsPointer || method.GetParameters().Any(p => p.ParameterType.IsPointer)))
            .Select(type => type.FullName!)];
        Assert.Empty(wrong);
    }

    [Fact]
    public void PaperMap_NamesTypesAndTests_ThatExist()
    {
        HashSet<string> known = [.. typeof(MapShape).Assembly.GetTypes().Concat(typeof(HouseTests).Assembly.GetTypes()).Select(type => type.Name.Split('`')[0])];
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "paper-map.md"));
        string[] named = [.. Regex.Matches(text, "`([A-Z][A-Za-z]+)(\\.[A-Za-z]+)?`").Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 20, "the map names hardly anything: the test has gone blind");
        string[] unknown = [.. named.Where(name => !known.Contains(name))];
        Assert.Empty(unknown);
    }

    private static int RoomOf(Type type)
    {
        string[] parts = (type.Namespace ?? "").Split('.');
        return parts.Length >= 2 && parts[0] == "Rectify" ? Array.IndexOf(Rooms, parts[1]) : -1;
    }

    // What a type names in its signatures and in the bodies of its methods.
    private static IEnumerable<Type> Used(Type type)
    {
        List<Type?> used = [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(Everything).Select(field => field.FieldType)];
        foreach (MethodBase method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            used.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            used.Add((method as MethodInfo)?.ReturnType);
            used.AddRange(InBody(method));
        }

        return used.SelectMany(Unwrap);
    }

    // The types in a member's signature, as a caller sees it; private members show none.
    private static IEnumerable<Type?> Shown(MemberInfo member) => member switch
    {
        MethodBase { IsPrivate: false, IsAssembly: false } method => method.GetParameters().Select(p => p.ParameterType).Append((method as MethodInfo)?.ReturnType),
        FieldInfo { IsPrivate: false, IsAssembly: false } field => [field.FieldType],
        _ => [],
    };

    private static IEnumerable<Type> Unwrap(Type? type)
    {
        if (type is null)
        {
            return [];
        }

        if (type.HasElementType)
        {
            return Unwrap(type.GetElementType());
        }

        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static IEnumerable<Type?> InBody(MethodBase method)
    {
        MethodBody? body = method.GetMethodBody();
        byte[] il = body?.GetILAsByteArray() ?? [];
        foreach (LocalVariableInfo local in body?.LocalVariables ?? [])
        {
            yield return local.LocalType;
        }

        for (int at = 0; at < il.Length;)
        {
            short value = il[at] == 0xFE ? unchecked((short)(0xFE00 | il[at + 1])) : il[at];
            OpCode code = OpCodesByValue[value];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineField or OperandType.InlineTok)
            {
                yield return Resolve(method, BitConverter.ToInt32(il, at));
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static Type? Resolve(MethodBase method, int token)
    {
        Type[] ofType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        MemberInfo? member = method.Module.ResolveMember(token, ofType, ofMethod);
        return member as Type ?? member?.DeclaringType;
    }
}
